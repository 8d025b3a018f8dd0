#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace spaces::test {
namespace {

using namespace properties;
using namespace std::chrono_literals;

constexpr const char* all = "/api/v1/properties";

call publish(const std::string& who, const char* status = "active") {
  return post(all, listing("", by(""), with("status", '"' + std::string(status) + '"')).body()).as(who);
}

TEST(ListingLimits, ADayHasItsBoundAndAnotherDayBegins) {
  scenario s{"a seller makes so many listings in 24 hours, drafts too, an agent more",
             {.listings = {{3, 100}, {5, 100}}}};
  s.given(seller("ann"), agent("amy"));
  s.when(publish("ann")).then(201, keep("first", "/id")).after(23h);
  s.when(publish("ann", "draft")).then(201).when(publish("ann")).then(201);
  s.when(publish("ann")).then(429, problem("limited"), field("Retry-After", "3600"));
  s.when(publish("ann", "draft")).then(429, problem("limited"));
  // Deleting makes no room in the day.
  s.when(remove("/api/v1/properties/{first}").as("ann")).then(204).when(publish("ann")).then(429);
  for (int i = 0; i < 5; ++i) s.when(publish("amy")).then(201);
  s.when(publish("amy")).then(429);
  s.after(1h);
  for (int i = 0; i < 3; ++i) s.when(publish("ann")).then(201);
  s.when(publish("ann")).then(429, field("Retry-After", "86400"));
}

TEST(ListingLimits, HeldListingsHaveTheirBound) {
  scenario s{"a seller holds so many listings; deleting one makes room", {.listings = {{100, 2}, {100, 100}}}};
  s.given(seller("ann"), seller("sue"));
  s.when(publish("ann", "draft")).then(201, keep("first", "/id")).when(publish("ann")).then(201);
  s.when(publish("ann")).then(409, problem("too-many-listings"));
  s.when(publish("sue")).then(201);
  s.when(remove("/api/v1/properties/{first}").as("ann")).then(204).when(publish("ann")).then(201);
  s.when(publish("ann")).then(409, problem("too-many-listings"));
  s.after(100h).when(publish("ann")).then(409, problem("too-many-listings"));
}

TEST(ListingLimits, WhatWasThereBeforeIsCountedOnce) {
  scenario s{"listings of an import, or of a version that did not count, count", {.listings = {{100, 3}, {100, 100}}}};
  s.given(seller("ann"));
  for (int i = 0; i < 2; ++i) {
    property p;
    p.id = make_uuid_v7(s.place().clock().now() + std::chrono::milliseconds(i));
    p.user_id = id_of("ann");
    p.created_at = p.updated_at = s.place().clock().now();
    p.version = 1;
    ASSERT_TRUE(s.place().table().write({table::put{key_of(p.id), to_item(p), {}}}));
    s.name("p" + std::to_string(i), to_text(p.id));
  }
  s.when(remove("/api/v1/properties/{p0}").as("ann")).then(204);
  s.when(publish("ann")).then(201).when(publish("ann")).then(201);
  s.when(publish("ann")).then(409, problem("too-many-listings"));
}

TEST(ListingLimits, ARepeatedRequestIsAnsweredAsTheFirst) {
  scenario s{"an idempotency key's answer is no further listing", {.listings = {{1, 100}, {100, 100}}}};
  s.given(seller("ann"));
  const call once = publish("ann").with("Idempotency-Key", "k-1");
  s.when(once).then(201, keep("first", "/id"));
  s.when(publish("ann")).then(429);
  s.when(once).then(201, shows("/id", "\"{first}\""));
  s.when(publish("ann").with("Idempotency-Key", "k-2")).then(429);
}

TEST(ListingLimits, HoldWhateverHappensTogether) {
  market place({.listings = {{10, 100}, {100, 100}}});
  place.add(seller("ann"));
  std::vector<int> codes(40);
  std::vector<std::thread> threads;
  threads.reserve(codes.size());
  for (int& code : codes) threads.emplace_back([&] { code = place.send(publish("ann")).status; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), 201), 10);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), 429), 30);
  EXPECT_EQ(place.send(get("/api/v1/properties?owner=me&limit=100").as("ann")).column("id").size(), 10U);
}

}  // namespace
}  // namespace spaces::test
