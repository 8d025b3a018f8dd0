#include "dynamodb/table_beside.hpp"

#include "platform/aws/json_service.hpp"
#include "platform/base/digest.hpp"
#include "platform/net/client/client.hpp"
#include "platform/table/dynamodb/dynamodb_table.hpp"
#include "platform/table/dynamodb/schema.hpp"
#include "waiting/waiting.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace spaces::test {

namespace {

constexpr std::string_view endpoint_variable = "SPACES_TEST_DYNAMODB_ENDPOINT";
/// dynoxide's tables are there immediately; DynamoDB takes some ten seconds to make one.
constexpr std::chrono::seconds creation_time_max{120};

template <class T>
T demand(result<T> had) {
  if (!had) throw std::runtime_error(had.error().public_text + had.error().private_text);
  return *std::move(had);
}

/// What the tests' environment says; what a local DynamoDB does not care for is made up.
std::string variable(std::string_view name) {
  std::string given = aws::process_variable(name == "AWS_ENDPOINT_URL_DYNAMODB" ? endpoint_variable : name);
  if (!given.empty()) return given;
  if (name == "AWS_REGION") return "eu-central-1";
  if (name == "AWS_ACCESS_KEY_ID" || name == "AWS_SECRET_ACCESS_KEY") return "test";
  return {};
}

/// The way to it: made once, stands as long as the program.
struct cloud {
  system_clock clock;
  std::unique_ptr<net::client> client = demand(net::make_client());
  std::unique_ptr<aws::environment> surroundings = demand(aws::environment::read(variable, *client, clock));
};

cloud& the_cloud() {
  static cloud one;
  return one;
}

void call(aws::service& service, std::string_view operation, const std::string& body) {
  const auto answer = service.send({operation, body, false});
  if (!answer) throw std::runtime_error(answer.error().text);
}

}  // namespace

std::string missing_dynamodb() {
  if (!aws::process_variable(endpoint_variable).empty()) return {};
  const std::string why = "no DynamoDB: scripts/with-dynamodb starts one, SPACES_TEST_DYNAMODB_ENDPOINT names another";
  const std::string all = aws::process_variable("REQUIRE_ALL");
  if (!all.empty() && all != "0") throw std::runtime_error(why);
  return why;
}

std::unique_ptr<aws::service> make_service() {
  cloud& way = the_cloud();
  return demand(aws::make_json_service(*way.client, *way.surroundings, aws::dynamodb, way.clock));
}

table_beside::table_beside() {
  std::array<std::uint8_t, 6> random{};
  fill_random(random);
  name_ = "spaces-test-" + to_hex(random);
  const std::string named = R"({"TableName":")" + name_ + '"';
  std::string body = named + ',';
  table::dynamodb::append_shape(body);
  const auto service = make_service();
  call(*service, "CreateTable", body + '}');
  const bool made = comes_true(
      [&] {
        const auto answer = service->send({"DescribeTable", named + '}'});
        const auto told = answer ? table::dynamodb::read_description(*answer) : std::nullopt;
        if (told && told->status == "ACTIVE" && told->flaws.empty()) return true;
        let_time_pass(std::chrono::milliseconds(200));  // it may be Amazon's
        return false;
      },
      creation_time_max);
  if (!made) throw std::runtime_error("the table of a test is not active");
}

table_beside::~table_beside() {
  // One that cannot be removed is left behind, with a name that tells whose it was.
  (void)make_service()->send({"DeleteTable", R"({"TableName":")" + name_ + "\"}", false});
}

table::table_under_test make_a_dynamodb_table(const clock& time) {
  if (std::string missing = missing_dynamodb(); !missing.empty()) return {{}, {}, std::move(missing)};
  auto ground = std::make_shared<table_beside>();
  table::dynamodb_options options;
  options.table = ground->name();
  return {ground, demand(table::open_dynamodb(options, make_service(), time)), {}};
}

}  // namespace spaces::test
