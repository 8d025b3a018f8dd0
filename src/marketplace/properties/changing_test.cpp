#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace spaces::test {
namespace {

using namespace properties;
using namespace std::chrono_literals;

constexpr const char* loft = "/api/v1/properties/{loft}";

using changer = call (*)(std::string, std::string);

class changing : public testing::TestWithParam<changer> {
 protected:
  call change(std::string body) { return GetParam()(loft, std::move(body)).as("ann"); }
};

TEST_P(changing, NamedFieldsChangeAndTheRestStays) {
  scenario s{"PUT and PATCH merge"};
  s.given(seller("ann"),
          listing("loft", by("ann"), with("description", "\"Bright\""), with("bedrooms", "2"),
                  with("features", R"(["garden"])"), with("latitude", "47.61"), with("longitude", "-122.33")))
      .after(5s)
      .when(change(R"({"price":400000.5,"bedrooms":3})"))
      .then(200, field("ETag", "\"v2\""), shows("/price", "400000.5"), shows("/bedrooms", "3"), shows("/version", "2"),
            shows("/title", "\"Light-filled loft\""), shows("/description", "\"Bright\""), shows("/latitude", "47.61"),
            shows("/features", R"(["garden"])"), shows("/id", "\"{loft}\""),
            shows("/createdAt", "\"2026-11-22T08:00:01.000Z\""), shows("/updatedAt", "\"2026-11-22T08:00:06.000Z\""))
      .when(get(loft).as("ann"))
      .then(200, field("ETag", "\"v2-i0.0\""), shows("/price", "400000.5"), shows("/description", "\"Bright\""));
}

TEST_P(changing, NullClearsWhatIsOptional) {
  scenario s{"null clears, but not what is required"};
  s.given(seller("ann"), listing("loft", by("ann"), with("bedrooms", "2"), with("features", R"(["garden"])"),
                                 with("address", "\"1 First St\"")))
      .when(change(R"({"bedrooms":null,"features":null})"))
      .then(200, shows("/bedrooms", "null"), shows("/features", "[]"), shows("/address", "\"1 First St\""))
      .when(change(R"({"title":null,"price":null,"city":null})"))
      .then(422, errors({{"/title", "required"}, {"/price", "required"}, {"/city", "required"}}))
      .when(get("/api/v1/properties?minBedrooms=0").as("ann"))
      .then(200, lists({}))
      .when(get(loft).as("ann"))
      .then(200, shows("/version", "2"), shows("/title", "\"Light-filled loft\""));
}

TEST_P(changing, WhatBreaksARuleChangesNothing) {
  scenario s{"a refused change leaves the listing as it was"};
  s.given(seller("ann"), listing("loft", by("ann")))
      .when(change(R"({"price":1,"userId":"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071","colour":2})"))
      .then(422, errors({{"/userId", "fixed"}, {"/colour", "unknown"}}))
      .when(change("{"))
      .then(400, problem("malformed"))
      .when(change("[]"))
      .then(422)
      .when(get(loft).as("ann"))
      .then(200, shows("/price", "450000"), field("ETag", "\"v1-i0.0\""));
}

TEST_P(changing, MovesTheListingWhereItIsFound) {
  scenario s{"city, price and status decide where a listing is found"};
  s.given(seller("ann"), listing("loft", by("ann")), listing("barn", by("ann"), with("price", "500000")))
      .when(change(R"({"city":"Tacoma","price":600000})"))
      .then(200)
      .when(get("/api/v1/properties?city=seattle").as("ann"))
      .then(200, lists({"barn"}))
      .when(get("/api/v1/properties?city=tacoma").as("ann"))
      .then(200, lists({"loft"}))
      .when(get("/api/v1/properties?sort=price").as("ann"))
      .then(200, lists({"barn", "loft"}))
      .when(change(R"({"status":"draft"})"))
      .then(200)
      .when(get("/api/v1/properties?sort=price").as("ann"))
      .then(200, lists({"barn"}))
      .when(get("/api/v1/properties?city=tacoma").as("ann"))
      .then(200, lists({}))
      .when(change(R"({"status":"sold"})"))
      .then(200)
      .when(get("/api/v1/properties?status=sold").as("ann"))
      .then(200, lists({"loft"}));
}

struct match_row {
  const char* if_match;
  bool admitted;
};

TEST_P(changing, IfMatchLooksAtTheVersionAlone) {
  const match_row rows[] = {
      {"\"v1\"", true},
      {"\"v1-gzip\"", true},
      {"*", true},
      {"\"v7\", \"v1\"", true},
      {"\"v7\",\"v1-gzip\"", true},
      {"W/\"v1\", \"v1\"", true},
      {"\"v2\"", false},
      {"W/\"v1\"", false},
      {"\"v7\", \"v8\"", false},
      {"v1", false},
      {"\"1\"", false},
      {"\"v01x\"", false},
      {"\"\"", false},
      {"\"v-1\"", false},
      {"\"v99999999999999999999\"", false},
  };
  for (const match_row& row : rows) {
    scenario s{std::string("If-Match: ") + row.if_match};
    s.given(seller("ann"), listing("loft", by("ann"))).when(change(R"({"price":1})").with("If-Match", row.if_match));
    if (row.admitted)
      s.then(200, field("ETag", "\"v2\""), shows("/price", "1"));
    else
      s.then(412, problem("precondition-failed"));
    s.when(get(loft).as("ann")).then(200, shows("/version", row.admitted ? "2" : "1"));
  }
}

INSTANTIATE_TEST_SUITE_P(Both, changing, testing::Values(static_cast<changer>(&put), static_cast<changer>(&patch)));

TEST(Deleting, IsForGoodAndNotTwice) {
  scenario s{"a deleted listing is nowhere, and deleting it again is 404"};
  s.given(seller("ann"), listing("loft", by("ann")), listing("barn", by("ann")))
      .when(remove(loft).as("ann"))
      .then(204, no_field("ETag"), no_field("Content-Type"))
      .when(remove(loft).as("ann"))
      .then(404, problem("not-found"))
      .when(get(loft).as("ann"))
      .then(404)
      .when(patch(loft, R"({"price":1})").as("ann"))
      .then(404)
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, lists({"barn"}))
      .when(get("/api/v1/properties?sort=price&city=seattle").as("ann"))
      .then(200, lists({"barn"}));
}

TEST(Deleting, FollowsIfMatch) {
  scenario s{"a stale If-Match deletes nothing"};
  s.given(seller("ann"), seller("sue"), listing("loft", by("ann")))
      .when(patch(loft, R"({"price":1})").as("ann"))
      .then(200)
      .when(remove(loft).as("ann").with("If-Match", "\"v1\""))
      .then(412, problem("precondition-failed"))
      .when(remove(loft).as("sue").with("If-Match", "\"v1\""))
      .then(403)
      .when(remove(loft).as("ann").with("If-Match", "\"v2\""))
      .then(204)
      .when(remove(loft).as("ann").with("If-Match", "*"))
      .then(404);
}

TEST(Reading, ConditionsSaveTheBody) {
  scenario s{"If-None-Match with the version at hand is 304, also weak, in lists and for gzip", {true, false}};
  s.given(seller("ann"), listing("loft", by("ann")));
  for (int again = 0; again < 3; ++again) {  // made, kept, cached
    for (const char* tags : {"\"v1\"", "W/\"v1\"", "*", "\"v9\", \"v1\"", "\"v1-gzip\""})
      s.when(get(loft).with("If-None-Match", tags))
          .then(304, field("ETag", "\"v1\""), no_field("Content-Type"), shows("", ""));
    for (const char* tags : {"\"v2\"", "v1", "\"\""})
      s.when(get(loft).with("If-None-Match", tags)).then(200, field("ETag", "\"v1\""), shows("/id", "\"{loft}\""));
  }
  s.when(patch(loft, R"({"price":1})").as("ann"))
      .then(200)
      .when(get(loft).with("If-None-Match", "\"v1\""))
      .then(200, field("ETag", "\"v2\""), shows("/price", "1"));
}

TEST(Reading, IdsThatAreNoneAreNotFound) {
  scenario s{"anything but the id of a listing is 404"};
  s.given(seller("ann"), listing("loft", by("ann")));
  for (const char* id : {"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071", "1", "..", "%00", "019ab3c45d6e7f809a1b2c3d4e5f6071"})
    s.when(get("/api/v1/properties/" + std::string(id)).as("ann")).then(404, problem("not-found"));
  s.when(get("/api/v1/properties/{loft}/more").as("ann")).then(404);
}

TEST(Reading, MethodsThatAreNotThereAreNamed) {
  scenario s{"405 says what works, OPTIONS too"};
  s.given(seller("ann"), listing("loft", by("ann")))
      .when(post(loft, "{}").as("ann"))
      .then(405, problem("method-not-allowed"), field("Allow", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"))
      .when(remove("/api/v1/properties").as("ann"))
      .then(405, field("Allow", "GET, HEAD, POST, OPTIONS"))
      .when(get(loft).as("ann").with("Accept", "text/html"))
      .then(406, problem("not-acceptable"))
      .when(get(loft).as("ann").with("Accept", "text/html, application/*;q=0.1"))
      .then(200);
}

TEST_P(changing, LatitudeAndLongitudeStayTogether) {
  scenario s{"a place has both, or neither, and is not 0/0"};
  s.given(seller("ann"), listing("loft", by("ann"), with("latitude", "47.61"), with("longitude", "-122.33")))
      .when(change(R"({"latitude":null})"))
      .then(422, errors({{"/latitude", "required"}}))
      .when(change(R"({"longitude":null})"))
      .then(422, errors({{"/longitude", "required"}}))
      .when(change(R"({"latitude":0,"longitude":0.0})"))
      .then(422, errors({{"/latitude", "no-place"}}))
      .when(change(R"({"latitude":0})"))
      .then(200, shows("/latitude", "0"), shows("/longitude", "-122.33"))
      .when(change(R"({"longitude":0})"))
      .then(422, errors({{"/latitude", "no-place"}}))
      .when(change(R"({"latitude":null,"longitude":null})"))
      .then(200, shows("/latitude", "null"), shows("/longitude", "null"))
      .when(change(R"({"longitude":7})"))
      .then(422, errors({{"/latitude", "required"}}))
      .when(change(R"({"price":7})"))
      .then(200);
}

TEST_P(changing, FeaturesThatFoldAlikeAreOne) {
  scenario s{"the first spelling stays"};
  s.given(seller("ann"), listing("loft", by("ann")))
      .when(change(R"({"features":["Walk-in closet","GARDEN","walk in Closet","gärden","pool","pool"]})"))
      .then(200, shows("/features", R"(["Walk-in closet","GARDEN","pool"])"));
}

TEST(changing, AtOnceLoseNothing) {
  // Each of 16 people who share the owner's login adds to another field; a version is used by one change only.
  market place;
  place.add(seller("ann"));
  const std::string id =
      place
          .send(post("/api/v1/properties", listing("", by(""), with("latitude", "1"), with("longitude", "1")).body())
                    .as("ann"))
          .text_at("/id");
  const std::string one = "/api/v1/properties/" + id;
  const std::vector<std::string> members = {"\"bedrooms\":1",     "\"bathrooms\":2",     "\"squareFeet\":3",
                                            "\"yearBuilt\":1904", "\"lotSquareFeet\":5", "\"latitude\":6",
                                            "\"longitude\":7",    "\"price\":8"};
  std::vector<answer> answers(members.size() * 2);
  std::vector<std::thread> threads;
  threads.reserve(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i)
    threads.emplace_back(
        [&, i] { answers[i] = place.send(patch(one, '{' + members[i % members.size()] + '}').as("ann")); });
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> versions;
  for (const answer& seen : answers) {
    EXPECT_EQ(seen.status, 200) << seen.body;
    versions.insert(seen.field("ETag"));
  }
  EXPECT_EQ(versions.size(), answers.size());
  const answer after = place.send(get(one).as("ann"));
  EXPECT_EQ(after.at("/version"), "17");
  for (const std::string& member : members) EXPECT_NE(after.body.find(member), std::string::npos) << member;
}

}  // namespace
}  // namespace spaces::test
