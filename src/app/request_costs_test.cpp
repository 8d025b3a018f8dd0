/// What requests cost on DynamoDB, by what its answers say. docs/COST.md's month is made of these.
#include "dynamodb/table_beside.hpp"
#include "marketplace/cost/month.hpp"
#include "marketplace/properties/demo/demo.hpp"
#include "platform/table/dynamodb/consumed.hpp"
#include "scenario/login.hpp"
#include "scenario/market.hpp"
#include "scenario/pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::app {
namespace {

using test::call;
using test::get;
using test::patch;
using test::post;

class request_costs : public testing::Test {
 protected:
  void SetUp() override {
    SPACES_NEEDS_DYNAMODB();
    market_ = std::make_unique<test::market>(test::market_options{.public_listings = true, .table = "dynamodb"});
    market_->add({"ann", user_type::seller});
    // Typical listings are the demonstration's with cards of 245 bytes (docs/TABLE.md), of one city and owner here, and
    // with a photograph of a telephone.
    std::size_t listings = 0;
    for (std::uint64_t n = 0; listings < 60; ++n) {
      properties::property p = properties::demo_listing({}, n);
      p.user_id = test::id_of("ann");
      p.city = "Seattle";
      p.images.set(std::vector{test::photograph()}, properties::images_change::by_owner, p.version);
      const std::size_t card = properties::to_item(p).find(table::name::card).text.size();
      if (!is_public(p.status) || card < 235 || card > 255) continue;
      ++listings;
      p.status = properties::property_status::active;
      id_ = to_text(p.id);
      bytes_ = table::counted_bytes(properties::key_of(p.id), properties::to_item(p).view());
      const auto written = market_->table().write({table::put{properties::key_of(p.id), properties::to_item(p), {}}});
      ASSERT_TRUE(written && !*written);
    }
  }

  struct bill {
    test::answer answer;
    table::dynamodb::consumed units;
  };
  bill send(const call& request) {
    const table::dynamodb::consumption_scope scope;
    bill made{market_->send(request), {}};
    made.units = scope.so_far();
    return made;
  }
  /// The model's units are what was charged: neither less nor more than a tenth and half a unit beside it.
  static void held(std::string_view name, const bill& paid, const cost::request_kind& kind) {
    EXPECT_LT(paid.answer.status, 300) << name << paid.answer.body;
    const auto near = [](double units) { return units / 10 + 0.5; };
    EXPECT_NEAR(static_cast<double>(paid.units.read_half_units) / 2, kind.read_units, near(kind.read_units)) << name;
    EXPECT_NEAR(static_cast<double>(paid.units.write_half_units) / 2, kind.write_units, near(kind.write_units)) << name;
    EXPECT_LE(static_cast<double>(paid.units.requests), kind.table_calls) << name;
  }
  static void held(std::string_view name, const bill& paid) {
    held(name, paid, *std::ranges::find(cost::request_kinds(), name, &cost::request_kind::name));
  }
  /// What waits to be done, done.
  bill jobs_done() {
    const table::dynamodb::consumption_scope scope;
    market_->do_jobs();
    bill made{{}, {}};
    made.units = scope.so_far();
    return made;
  }
  /// A listing of ann's, so that how many there are is counted already: the first create counts what was there before.
  void count_anns_listings() {
    const call one =
        post("/api/v1/properties", R"({"title":"First","price":1,"city":"Seattle","state":"WA","zipCode":"98103"})");
    ASSERT_EQ(send(call(one).as("ann")).answer.status, 201);
  }
  /// A write unit for each kB begun, in halves.
  static std::uint64_t half_units_of(std::size_t bytes) { return (bytes + 1023) / 1024 * 2; }

  std::unique_ptr<test::market> market_;
  std::string id_;
  std::size_t bytes_ = 0;
};

TEST_F(request_costs, a_listing_is_read_for_half_a_unit) {
  const bill read = send(get("/api/v1/properties/" + id_));
  EXPECT_EQ(read.answer.status, 200);
  EXPECT_EQ(read.units, (table::dynamodb::consumed{.requests = 1, .read_half_units = 1}));
}

TEST_F(request_costs, a_page_of_20_typical_listings_is_read_for_one_unit) {
  for (const char* list : {"", "?sort=price", "?sort=-price", "?city=Seattle", "?city=Seattle&sort=price",
                           "?status=active&sort=createdAt"}) {
    const bill page = send(get("/api/v1/properties" + std::string(list)).as("ann"));
    ASSERT_EQ(page.answer.status, 200) << list << page.answer.body;
    EXPECT_EQ(page.answer.column("id").size(), 20U) << list;
    EXPECT_EQ(page.units.requests, 1U) << list;
    EXPECT_LE(page.units.read_half_units, 2U) << list;
    EXPECT_NE(page.answer.body.find("\"cover\":{\"width\":4032"), std::string::npos) << list;
  }
  // The owner's own index has longer keys, and how many inquiries each has is an item of its own.
  const bill mine = send(get("/api/v1/properties?owner=me").as("ann"));
  EXPECT_EQ(mine.answer.column("id").size(), 20U);
  EXPECT_LE(mine.units.requests, 2U);
  EXPECT_LE(mine.units.read_half_units, 3U + 20U);
}

TEST_F(request_costs, what_no_index_answers_costs_what_is_examined_and_not_the_whole_market) {
  const std::size_t counted = market_->table().index_half_units();
  const bill page = send(get("/api/v1/properties?minBedrooms=2&limit=5"));
  EXPECT_EQ(page.answer.column("id").size(), 5U);
  EXPECT_LE(page.units.read_half_units, 4U) << "two of three fit: 12 rows and, where those do not do, a few more";
  EXPECT_EQ(page.units.read_half_units, market_->table().index_half_units() - counted)
      << "search_costs_test counts as DynamoDB does";
}

TEST_F(request_costs, a_create_costs_its_size_a_unit_for_each_index_and_its_count) {
  count_anns_listings();
  const bill created = send(
      post("/api/v1/properties", R"({"title":"Sunny craftsman near the park","price":549500,"city":"Seattle",)"
                                 R"("state":"WA","zipCode":"98103","bedrooms":3,"bathrooms":2.25,"squareFeet":1840,)"
                                 R"("address":"1208 N 42nd St","features":["garden","garage","updated kitchen"],)"
                                 R"("description":")" +
                                     std::string(400, 'd') + "\"}")
          .as("ann"));
  ASSERT_EQ(created.answer.status, 201) << created.answer.body;
  EXPECT_EQ(created.units, (table::dynamodb::consumed{.requests = 2, .read_half_units = 1, .write_half_units = 22}))
      << "item and count at the price of a transaction, and five rows";

  const bill longer = send(
      post("/api/v1/properties", R"({"title":"A long story","price":1,"city":"Seattle","state":"WA","zipCode":"98103",)"
                                 R"("description":")" +
                                     std::string(9000, 'd') + "\"}")
          .as("ann"));
  ASSERT_EQ(longer.answer.status, 201) << longer.answer.body;
  const auto stored =
      market_->table().get({"PROPERTY#" + longer.answer.text_at("/id"), "DETAILS"}, table::consistency::strong);
  ASSERT_TRUE(stored && *stored);
  const std::size_t bytes =
      table::counted_bytes({"PROPERTY#" + longer.answer.text_at("/id"), "DETAILS"}, (*stored)->view());
  EXPECT_EQ(longer.units.requests, 2U);
  EXPECT_LE(longer.units.write_half_units, 2 * (half_units_of(bytes) + 2) + 5 * 2);
}

TEST_F(request_costs, an_edit_outside_the_card_costs_its_size_alone) {
  const bill changed =
      send(patch("/api/v1/properties/" + id_, R"({"description":"Newly painted.","yearBuilt":1924})").as("ann"));
  ASSERT_EQ(changed.answer.status, 200) << changed.answer.body;
  EXPECT_EQ(changed.units.requests, 2U) << "read and written";
  EXPECT_LE(changed.units.write_half_units, half_units_of(bytes_));
  EXPECT_LE(changed.units.read_half_units, 2U);
}

/// What spaces cost reckons with is what is charged.
TEST_F(request_costs, the_month_is_made_of_these) {
  count_anns_listings();
  held("get", send(get("/api/v1/properties/" + id_)));
  held("page", send(get("/api/v1/properties").as("ann")));
  const std::string listing = R"({"title":"Sunny craftsman near the park","price":549500,"city":"Seattle",)"
                              R"("state":"WA","zipCode":"98103","bedrooms":3,"description":")" +
                              std::string(600, 'd') + "\"}";
  const bill created = send(post("/api/v1/properties", listing).as("ann").with("Idempotency-Key", "k"));
  held("create", created);
  const std::string place = "/api/v1/properties/" + created.answer.text_at("/id");
  held("edit", send(patch(place, R"({"description":"Newly painted."})").as("ann")));
  held("reprice", send(patch(place, R"({"price":539000})").as("ann")));
  held("delete", send(test::remove(place).as("ann")));
  EXPECT_LE(static_cast<double>(jobs_done().units.write_half_units) / 2, cost::job_kind().write_units);
  EXPECT_LE(jobs_done().units.read_half_units, static_cast<std::uint64_t>(2 * cost::schedule_kind().read_units));
}

/// A market of people with accounts, each of whom is seen at the address that is given.
class people_costs : public request_costs {
 protected:
  void SetUp() override {
    SPACES_NEEDS_DYNAMODB();
    market_ = std::make_unique<test::market>(test::market_options{.table = "dynamodb", .trusted_proxies = 1});
    const bill made = send(from(test::register_user("ann@example.com"), home));
    ASSERT_EQ(made.answer.status, 201);
    held("register", made);
    EXPECT_LE(static_cast<double>(jobs_done().units.write_half_units) / 2, cost::job_kind().write_units + 1)
        << "and the one-time token";
  }
  static call from(call request, const std::string& address) {
    return std::move(request).with("X-Forwarded-For", address);
  }
  static double write_units(const bill& paid) { return static_cast<double>(paid.units.write_half_units) / 2; }

  /// The account knows it: it was registered from there.
  static constexpr const char* home = "192.0.2.2";
};

TEST_F(people_costs, are_what_the_month_says) {
  const bill first = send(from(test::log_in("ann@example.com"), "192.0.2.1"));
  EXPECT_LE(static_cast<double>(first.units.read_half_units) / 2, cost::login_kind().read_units)
      << "one session to look at";
  market_->clock().forward(std::chrono::hours(7 * 24));
  const bill in = send(from(test::log_in("ann@example.com"), home));  // a session more to look at
  EXPECT_EQ(in.answer.status, 200);
  EXPECT_EQ(static_cast<double>(in.units.read_half_units) / 2, cost::login_kind().read_units);
  EXPECT_LE(static_cast<double>(in.units.requests), cost::login_kind().table_calls);
  EXPECT_EQ(in.units.refused_writes, 0U);
  held("profile", send(test::me(in.answer.text_at("/access_token"))));
  held("refresh", send(test::renew(in.answer.text_at("/refresh_token"))));
}

/// Half of the month's logins are reckoned as from an address that the account knows, where one subject is counted,
/// half as from another: there two more are, one of which is given back, and the address is learnt in place of a check.
TEST_F(people_costs, of_a_login_are_the_mean_of_a_known_address_and_another) {
  const bill known = send(from(test::log_in("ann@example.com"), home));
  EXPECT_EQ(write_units(known), 9);
  const bill other = send(from(test::log_in("ann@example.com"), "192.0.2.1"));
  EXPECT_EQ(write_units(other), 16);
  for (const bill* each : {&known, &other}) EXPECT_EQ(each->units.refused_writes, 0U);
  EXPECT_EQ((write_units(known) + write_units(other)) / 2, cost::login_kind().write_units);
}

/// DynamoDB takes days to remove what has expired. Attempts that are there still refuse a login's first try to count,
/// which is charged, too; of an address that the account knows none are left by a success.
TEST_F(people_costs, of_a_login_behind_an_ended_window_are_a_refused_transaction_more) {
  ASSERT_EQ(send(from(test::log_in("ann@example.com"), "192.0.2.1")).answer.status, 200);
  market_->clock().forward(std::chrono::hours(1));
  const bill again = send(from(test::log_in("ann@example.com"), "192.0.2.1"));
  EXPECT_EQ(again.answer.status, 200);
  EXPECT_EQ(again.units.refused_writes, 0U);
  EXPECT_LE(write_units(again), 9);
  const bill elsewhere = send(from(test::log_in("ann@example.com"), "192.0.2.3"));
  EXPECT_EQ(elsewhere.units.refused_writes, 1U) << "the account's attempts from addresses that it did not know";
  EXPECT_LE(write_units(elsewhere), 16 + 6);
}

TEST_F(request_costs, of_an_idempotent_create_are_a_transactions_and_its_repetition_pays_for_the_refusal) {
  const call create =
      post("/api/v1/properties", R"({"title":"Loft","price":1,"city":"Seattle","state":"WA","zipCode":"98103"})")
          .as("ann")
          .with("Idempotency-Key", "one");
  count_anns_listings();
  const bill first = send(create);
  ASSERT_EQ(first.answer.status, 201);
  EXPECT_EQ(first.units.requests, 2U);
  EXPECT_LE(first.units.write_half_units, 2 * (3 * 2 + 5 * 2)) << "three items of a kB and five rows, twice";
  const bill second = send(create);
  EXPECT_EQ(second.answer.text_at("/id"), first.answer.text_at("/id"));
  EXPECT_EQ(second.units.refused_writes, 1U);
  EXPECT_LE(second.units.write_half_units, 2 * 2 * 3U) << "three items looked at, twice";
}

TEST_F(request_costs, no_request_scans) {
  const auto before = table::dynamodb::consumption_scope();
  std::vector<call> everything;
  for (const char* each :
       {"", "?q=park", "?state=WA&zipCode=98101", "?minPrice=1&maxPrice=2", "?owner=me", "?limit=100"})
    everything.push_back(get("/api/v1/properties" + std::string(each)).as("ann"));
  everything.push_back(get("/health"));
  everything.push_back(get("/openapi.json"));
  everything.push_back(test::remove("/api/v1/properties/" + id_).as("ann"));
  for (const call& each : everything) EXPECT_LT(send(each).answer.status, 300) << each.target;
  EXPECT_EQ(before.so_far().scans, 0U);
  EXPECT_GT(before.so_far().requests, 6U);
}

}  // namespace
}  // namespace spaces::app
