/// What inquiries cost on DynamoDB, by what its answers say.
#include "dynamodb/table_beside.hpp"
#include "marketplace/accounts/user.hpp"
#include "marketplace/cost/month.hpp"
#include "marketplace/inquiries/inquiry.hpp"
#include "marketplace/properties/demo/demo.hpp"
#include "platform/table/dynamodb/consumed.hpp"
#include "scenario/market.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::app {
namespace {

using test::get;
using test::id_of;
using test::post;

constexpr std::size_t page_rows = 20;
/// As long as people write. An inquiry with both is more than 1 kB, and costs two units where it changes.
constexpr const char* question =
    "Is the street quiet at night, and how far is it to the next school? We have two children.";
constexpr const char* reply =
    "It is: a side street without through traffic. The school is ten minutes on foot. Would Saturday at ten suit you?";

class inquiry_costs : public testing::Test {
 protected:
  void SetUp() override {
    SPACES_NEEDS_DYNAMODB();
    market_ = std::make_unique<test::market>(test::market_options{.table = "dynamodb"});
    market_->do_jobs();  // a process looks for those of earlier versions once
    market_->add({"ann", user_type::seller});
    market_->add({"ben", user_type::buyer});
  }

  void put(const table::key& key, record::item item) {
    const auto written = market_->table().write({table::put{key, std::move(item), {}}});
    ASSERT_TRUE(written && !*written);
  }

  /// One more question to ann about a listing with a typical title.
  void inquire_as(const std::string& who, std::uint64_t number) {
    const properties::property listing = properties::demo_listing({}, number);
    inquiries::inquiry q;
    q.created_at = q.updated_at = market_->clock().now() + std::chrono::seconds(number);
    q.id = make_uuid_v7(q.created_at);
    q.property_id = listing.id;
    q.property_title = listing.title;
    q.user_id = id_of(who);
    q.owner_id = id_of("ann");
    q.message = question;
    q.version = 1;
    put(inquiries::key_of(q.id), inquiries::to_item(q));
    accounts::user u;
    u.id = id_of(who);
    u.name = "Jane Roe of " + who;
    u.email = who + "@mail.example";
    u.phone_number = "+12065550100";
    u.version = 1;
    put(accounts::key_of(u.id), accounts::to_item(u));
  }

  /// The id of a listing of ann's.
  std::string publish() {
    const test::answer listing = market_->send(
        post("/api/v1/properties", R"({"title":"Loft","price":1,"city":"Seattle","state":"WA","zipCode":"98103"})")
            .as("ann"));
    EXPECT_EQ(listing.status, 201) << listing.body;
    return listing.text_at("/id");
  }

  void inquire_about(const std::string& listing) {
    const test::answer made = market_->send(
        post("/api/v1/inquiries", R"({"propertyId":")" + listing + R"(","message":"Is it quiet?"})").as("ben"));
    ASSERT_EQ(made.status, 201) << made.body;
  }

  table::dynamodb::consumed page_of_twenty(std::string_view query) {
    const table::dynamodb::consumption_scope scope;
    const test::answer page = market_->send(get("/api/v1/inquiries" + std::string(query)).as("ann"));
    EXPECT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(page.column("id").size(), page_rows);
    return scope.so_far();
  }

  std::unique_ptr<test::market> market_;
};

TEST_F(inquiry_costs, a_page_of_20_received_is_a_unit_and_half_a_unit_for_each_person) {
  for (std::uint64_t n = 0; n < page_rows + 5; ++n) inquire_as("p" + std::to_string(n), n);
  const auto many = page_of_twenty("");
  EXPECT_EQ(many.requests, 2U) << "the rows, and the people in one batch";
  EXPECT_LE(many.read_half_units, 2 + page_rows);
  for (std::uint64_t n = 0; n < page_rows + 5; ++n) inquire_as("ben", 100 + n);
  const auto one = page_of_twenty("?sort=-createdAt");
  EXPECT_EQ(one.requests, 2U);
  EXPECT_LE(one.read_half_units, 2U + 1U);
}

TEST_F(inquiry_costs, an_inquiry_is_read_for_half_a_unit_and_with_its_contact_for_one) {
  inquire_as("ben", 1);
  const test::answer page = market_->send(get("/api/v1/inquiries").as("ann"));
  const std::string one = "/api/v1/inquiries/" + page.column("id").at(0);
  for (const auto& [who, half_units] : {std::pair("ben", 1U), std::pair("ann", 2U)}) {
    const table::dynamodb::consumption_scope scope;
    EXPECT_EQ(market_->send(get(one).as(who)).status, 200);
    EXPECT_LE(scope.so_far().read_half_units, half_units) << who;
  }
}

TEST_F(inquiry_costs, an_inquiry_is_asked_by_two_reads_and_one_transaction) {
  const std::string listing = publish();
  const table::dynamodb::consumption_scope scope;
  inquire_about(listing);
  const auto spent = scope.so_far();
  EXPECT_EQ(spent.requests, 2U) << "listing and recent inquiries in one batch, then all that is written";
  EXPECT_LE(spent.read_half_units, 4U) << "two items, read strongly";
  EXPECT_LE(spent.write_half_units, 34U) << "seven items at the price of a transaction, and three index rows";
}

/// What spaces cost reckons with is what is charged.
TEST_F(inquiry_costs, the_month_is_made_of_these) {
  const auto held = [](std::string_view name, const table::dynamodb::consumed& units, const cost::request_kind& kind) {
    const auto near = [](double about) { return about / 10 + 0.5; };
    EXPECT_NEAR(static_cast<double>(units.read_half_units) / 2, kind.read_units, near(kind.read_units)) << name;
    EXPECT_NEAR(static_cast<double>(units.write_half_units) / 2, kind.write_units, near(kind.write_units)) << name;
    EXPECT_LE(static_cast<double>(units.requests), kind.table_calls) << name;
  };
  const auto sent = [&](std::string_view name, const test::call& request, int status) {
    const table::dynamodb::consumption_scope scope;
    test::answer made = market_->send(request);
    EXPECT_EQ(made.status, status) << name << made.body;
    held(name, scope.so_far(), *std::ranges::find(cost::request_kinds(), name, &cost::request_kind::name));
    return made;
  };
  const auto job_done = [&](std::string_view after) {
    const table::dynamodb::consumption_scope scope;
    market_->do_jobs();
    held(after, scope.so_far(), cost::job_kind());
  };
  inquire_as("ann", 1);  // accounts, which e-mails go to
  for (std::uint64_t n = 0; n < page_rows + 5; ++n) inquire_as("p" + std::to_string(n % 10), 10 + n);
  inquire_as("ben", 2);
  sent("inquiries", get("/api/v1/inquiries").as("ann"), 200);
  const std::string body = R"({"propertyId":")" + publish() + R"(","message":")" + question + "\"}";
  const test::answer made =
      sent("inquire", post("/api/v1/inquiries", body).as("ben").with("Idempotency-Key", "one"), 201);
  job_done("inquire");
  const std::string one = "/api/v1/inquiries/" + made.text_at("/id");
  sent("inquiry", get(one).as("ann"), 200);
  sent("answer", test::put(one, R"({"response":")" + std::string(reply) + "\"}").as("ann"), 200);
  job_done("answer");
  sent("close", test::put(one, R"({"status":"closed"})").as("ben"), 200);
  job_done("close");
}

TEST_F(inquiry_costs, no_request_scans) {
  const std::string listing = publish();
  const table::dynamodb::consumption_scope scope;
  inquire_about(listing);
  for (const char* each : {"", "?box=sent", "?status=new", "?box=sent&status=closed"})
    EXPECT_EQ(market_->send(get("/api/v1/inquiries" + std::string(each)).as("ben")).status, 200) << each;
  EXPECT_EQ(scope.so_far().scans, 0U);
}

}  // namespace
}  // namespace spaces::app
