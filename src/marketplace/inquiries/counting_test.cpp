#include "scenario/inquiring.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;

TEST(counting, is_shown_to_the_owner_alone) {
  scenario s{"how many inquiries a listing has had, and how many are open"};
  with_people(s)
      .when(get("/api/v1/properties/{loft}").as("ann"))
      .then(200, shows("/inquiryCount", "0"), shows("/openInquiryCount", "0"), field("ETag", "\"v1-i0.0\""))
      .when(post(all_inquiries, about("loft")).as("ben"))
      .then(201, keep("q", "/id"))
      .when(post(all_inquiries, about("loft")).as("cid"))
      .then(201)
      .when(put(one_inquiry, R"({"status":"closed"})").as("ben"))
      .then(200)
      .when(get("/api/v1/properties/{loft}").as("ann"))
      .then(200, shows("/inquiryCount", "2"), shows("/openInquiryCount", "1"), shows("/version", "1"))
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, shows("/items/0/inquiryCount", "2"), shows("/items/0/openInquiryCount", "1"))
      .when(get("/api/v1/properties?owner=me").as("dan"))
      .then(200, lists({}))
      .when(get("/api/v1/properties/{loft}").as("ben"))
      .then(200, shows("/inquiryCount", ""), shows("/openInquiryCount", ""), field("ETag", "\"v1\""))
      .when(get("/api/v1/properties").as("ann"))
      .then(200, shows("/items/0/inquiryCount", ""));
}

TEST(counting, keeps_public_answers_and_versions_as_they_are) {
  scenario s{"cached answers do not show the counts, nor hide them from the owner", {.public_listings = true}};
  with_question(s);
  const answer before = s.place().send(get(s.filled("/api/v1/properties/{loft}")));
  // From the second time on what is public is cached.
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(s.place().send(get(s.filled("/api/v1/properties/{loft}"))).body, before.body);
    s.when(get("/api/v1/properties/{loft}").as("ann")).then(200, shows("/inquiryCount", "1"));
    s.when(get("/api/v1/properties/{loft}").as("ben")).then(200, shows("/inquiryCount", ""));
  }
  s.when(put(one_inquiry, R"({"status":"closed"})").as("ann")).then(200);
  EXPECT_EQ(s.place().send(get(s.filled("/api/v1/properties/{loft}"))).body, before.body);
}

TEST(counting, is_part_of_the_owners_entity_tag) {
  scenario s{"a new question is a new answer to the owner, of the same version"};
  with_question(s)
      .when(get("/api/v1/properties/{loft}").as("ann"))
      .then(200, field("ETag", "\"v1-i1.1\""))
      .when(get("/api/v1/properties/{loft}").as("ann").with("If-None-Match", "\"v1-i1.1\""))
      .then(304)
      .when(put(one_inquiry, R"({"status":"closed"})").as("ann"))
      .then(200)
      .when(get("/api/v1/properties/{loft}").as("ann").with("If-None-Match", "\"v1-i1.1\""))
      .then(200, field("ETag", "\"v1-i1.0\""))
      .when(patch("/api/v1/properties/{loft}", R"({"price":1})").as("ann").with("If-Match", "\"v1-i1.0\""))
      .then(200, field("ETag", "\"v2\""));
}

/// What ann's pages hold, by listing: all inquiries and open ones.
std::map<std::string, std::pair<int, int>> counted_one_by_one(scenario& s) {
  std::map<std::string, std::pair<int, int>> counts;
  std::string cursor;
  do {
    const answer page = s.place().send(get("/api/v1/inquiries?limit=100" + cursor).as("ann"));
    const std::vector<std::string> listings = page.column("propertyId");
    const std::vector<std::string> statuses = page.column("status");
    for (std::size_t i = 0; i < listings.size(); ++i) {
      counts[listings[i]].first += 1;
      counts[listings[i]].second += statuses[i] == "closed" ? 0 : 1;
    }
    const std::string next = page.text_at("/nextCursor");
    cursor = next.empty() ? "" : "&cursor=" + next;
  } while (!cursor.empty());
  return counts;
}

/// One person's part of the crowd: asks, answers as the owner, closes, each of it perhaps refused.
void be_busy(market& place, const std::vector<std::string>& listings, int number, int operations) {
  std::minstd_rand random(static_cast<unsigned>(number + 1));
  const std::string me = "p" + std::to_string(number);
  std::vector<std::string> mine;
  for (int i = 0; i < operations; ++i) {
    if (mine.empty() || random() % 3 == 0) {
      const std::string& listing = listings[random() % listings.size()];
      const answer made = place.send(
          post(all_inquiries, R"({"propertyId":")" + listing + R"(","message":"No )" + std::to_string(i) + "\"}")
              .as(me));
      if (made.status == 201) mine.push_back(made.text_at("/id"));
      EXPECT_TRUE(made.status == 201 || made.status == 409 || made.status == 429) << made.body;
      continue;
    }
    const std::string& one = mine[random() % mine.size()];
    const bool owner = random() % 2 == 0;
    const char* body = owner && random() % 2 == 0 ? R"({"response":"Yes"})" : R"({"status":"closed"})";
    const answer changed = place.send(put("/api/v1/inquiries/" + one, body).as(owner ? "ann" : me));
    EXPECT_TRUE(changed.status == 200 || changed.status == 409) << changed.body;
  }
}

TEST(counting, is_exact_after_a_thousand_concurrent_operations) {
  constexpr int people = 20;
  constexpr int operations = 50;
  scenario s{"counts are kept in the transactions that they count"};
  with_people(s);
  std::vector<std::string> listings;
  for (const char* name : {"one", "two", "three"}) {
    s.given(listing(name, by("ann")));
    listings.push_back(s.filled("{" + std::string(name) + "}"));
  }
  for (int i = 0; i < people; ++i) s.given(buyer("p" + std::to_string(i)));
  std::vector<std::jthread> crowd;
  crowd.reserve(people);
  for (int i = 0; i < people; ++i) crowd.emplace_back([&, i] { be_busy(s.place(), listings, i, operations); });
  crowd.clear();
  const auto counts = counted_one_by_one(s);
  EXPECT_GT(counts.at(listings[0]).first, 3);
  for (const std::string& id : listings) {
    const answer shown = s.place().send(get("/api/v1/properties/" + id).as("ann"));
    EXPECT_EQ(shown.at("/inquiryCount"), std::to_string(counts.at(id).first));
    EXPECT_EQ(shown.at("/openInquiryCount"), std::to_string(counts.at(id).second));
  }
}

}  // namespace
}  // namespace spaces::test
