#include <source_dir.hpp>
#include "app/deployment_keys.hpp"
#include "app/marketplace.hpp"
#include "platform/http/test_request.hpp"
#include "platform/record/json.hpp"
#include "platform/table/test_table.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <unistd.h>

namespace spaces::app {
namespace {

using record::json_kind;
using record::json_value;
using test::test_request;

constexpr const char* golden_file = SPACES_SOURCE_DIR "/test/golden/openapi.json";

class noon final : public clock {
 public:
  instant now() const override { return test::request_time; }
};

/// The real rows over a table in memory, and a bucket in a folder of its own.
struct wired {
  struct temporary_folder {
    std::string path = (std::filesystem::temp_directory_path() / "openapi_XXXXXX").string();
    temporary_folder() { EXPECT_TRUE(::mkdtemp(path.data())); }
    ~temporary_folder() { std::filesystem::remove_all(path); }
  };
  temporary_folder folder;
  noon time;
  telemetry::log log{time, STDERR_FILENO};
  configuration settings;
  std::unique_ptr<marketplace> market;

  explicit wired(bool public_listings = false) {
    settings.listings.public_listings = public_listings;
    settings.identity.jwt_key = "a secret of more than thirty-two bytes";
    open();
  }
  void open() {
    settings.table.data = folder.path;
    auto bucket = open_bucket(settings, table_use::serving, "a secret of the store", time, nullptr);
    ASSERT_TRUE(bucket) << bucket.error().public_text;
    market = std::make_unique<marketplace>(
        settings, time, log, opened_table{nullptr, std::make_unique<test::test_table>()}, *std::move(bucket),
        identity::signing_keys(*deployment_keys(settings, time.now())), "a secret of the store");
  }
  std::string send(std::string target) const {
    return market->application().handle(test_request(http::method::get, std::move(target)).get()).body;
  }
};

json_value description_of(wired& market) {
  auto parsed = record::parse_json(market.send("/openapi.json"));
  EXPECT_TRUE(parsed);
  return parsed ? *std::move(parsed) : json_value{};
}

const json_value& at(const json_value& from, std::initializer_list<std::string_view> names) {
  static const json_value nothing;
  const json_value* found = &from;
  for (const std::string_view name : names) {
    found = found->find(name);
    if (!found) return nothing;
  }
  return *found;
}

/// Calls `visit(path, method, operation)` for each operation.
template <class Visit>
void each_operation(const json_value& description, Visit visit) {
  for (const auto& [path, item] : at(description, {"paths"}).members)
    for (const auto& [verb, operation] : item.members) visit(path, verb, operation);
}

// The file is what clients' tools are made from: a change of it is a change of the interface and is
// looked at as one. Renewed by SPACES_RENEW_GOLDEN=1 on this test program.
TEST(openapi, is_the_golden_file) {
  wired market;
  const std::string served = market.send("/openapi.json");
  if (std::getenv("SPACES_RENEW_GOLDEN")) {
    std::ofstream(golden_file, std::ios::binary) << served;
    GTEST_SKIP() << "renewed " << golden_file;
  }
  std::ifstream file(golden_file, std::ios::binary);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(served == golden) << "the interface has changed; if it is meant to, run this program with "
                                   "SPACES_RENEW_GOLDEN=1 and look at the difference of test/golden/openapi.json";
}

TEST(openapi, every_operation_is_told_whole) {
  wired market;
  const json_value description = description_of(market);
  std::set<std::string> ids;
  each_operation(description, [&](const std::string& path, const std::string& verb, const json_value& operation) {
    SCOPED_TRACE(verb + ' ' + path);
    EXPECT_TRUE(ids.insert(at(operation, {"operationId"}).text).second);
    EXPECT_NE(at(operation, {"summary"}).text, "");
    EXPECT_EQ(at(operation, {"security"}).kind, json_kind::array);
    const auto& answers = at(operation, {"responses"}).members;
    EXPECT_TRUE(std::any_of(answers.begin(), answers.end(), [](const auto& a) { return a.name.starts_with('2'); }));
    for (const std::string_view status : {"400", "500"}) EXPECT_TRUE(at(operation, {"responses"}).find(status));
    EXPECT_EQ(path.find('{') != std::string::npos,
              at(operation, {"parameters"}).kind == json_kind::array &&
                  at(operation, {"parameters"}).elements[0].find("in")->text == "path");
    const json_value* body = operation.find("requestBody");
    if (body && !at(*body, {"content"}).find("*/*")) {
      EXPECT_FALSE(at(*body, {"content", "application/json", "example"}).members.empty());
    }
    for (const auto& [status, answer] : answers)
      for (const auto& [type, content] : at(answer, {"content"}).members)
        EXPECT_EQ(content.find("example") == nullptr, type.ends_with("/*")) << status << ' ' << type;
  });
  EXPECT_GE(ids.size(), 8u);
}

TEST(openapi, security_is_the_audience) {
  for (const bool open : {false, true}) {
    wired market(open);
    each_operation(
        description_of(market), [&](const std::string& path, const std::string& verb, const json_value& operation) {
          const auto& security = at(operation, {"security"}).elements;
          const bool none = security.empty() || security.front().members.empty();
          const bool system = !path.starts_with("/api/");
          // Who logs in shows a password, not a token; who logs out has a token.
          // An e-mail's link is sealed and needs no login; so is an upload's URL, and a picture's is no secret.
          const bool is_login = (path.starts_with("/api/v1/auth/") && path != "/api/v1/auth/logout") ||
                                path == "/api/v1/unsubscribe" || path.starts_with("/uploads/") ||
                                path.starts_with("/media/");
          const bool listings = path.starts_with("/api/v1/properties");
          EXPECT_EQ(none, system || is_login || (open && listings && verb == "get")) << verb << ' ' << path;
          const bool token =
              std::any_of(security.begin(), security.end(), [](const auto& way) { return way.find("bearer"); });
          EXPECT_EQ(token, !is_login) << "callers are known even where they need not be";
          if (!is_login) {
            EXPECT_TRUE(at(operation, {"responses"}).find("401")) << verb << ' ' << path;
          }
        });
  }
}

TEST(openapi, problems_have_examples_of_every_type) {
  wired market;
  const json_value description = description_of(market);
  std::set<std::string> shown;
  for (const auto& [status, answer] : at(description, {"components", "responses"}).members) {
    for (const auto& [slug, example] : at(answer, {"content", "application/problem+json", "examples"}).members) {
      EXPECT_EQ(at(example, {"value", "status"}).text, status);
      EXPECT_EQ(at(example, {"value", "type"}).text, "urn:lifestyle-spaces:problem:" + slug);
      shown.insert(slug);
    }
  }
  std::set<std::string> all;
  for (const json_value& type :
       at(description, {"components", "schemas", "Problem", "properties", "type", "enum"}).elements)
    all.insert(type.text.substr(type.text.rfind(':') + 1));
  EXPECT_EQ(shown, all);
}

TEST(openapi, lists_can_be_null_in_bodies_and_nothing_in_queries) {
  wired market;
  const json_value description = description_of(market);
  const auto type_of = [&](std::string_view schema, std::string_view field) -> const json_value& {
    return at(description, {"components", "schemas", schema, "properties", field, "type"});
  };
  EXPECT_EQ(type_of("PropertyChange", "features").elements.size(), 2u) << "null clears it";
  EXPECT_EQ(type_of("Property", "features").text, "array") << "an answer always holds it";
  EXPECT_EQ(type_of("PropertyChange", "title").text, "string");
  EXPECT_EQ(type_of("Property", "bedrooms").elements.size(), 2u);
  for (const json_value& parameter : at(description, {"paths", "/api/v1/properties", "get", "parameters"}).elements)
    EXPECT_NE(at(parameter, {"schema", "type"}).kind, json_kind::array) << at(parameter, {"name"}).text;
}

}  // namespace
}  // namespace spaces::app
