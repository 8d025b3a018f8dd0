#include "marketplace/properties/demo/demo.hpp"

#include "platform/base/digest.hpp"
#include "platform/record/read.hpp"
#include "platform/record/write.hpp"
#include "scenario/market.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace spaces::properties {
namespace {

std::string json_of(const property& p) {
  std::string out;
  record::append_object(out, property::fields(), &p, record::on_store);
  return out;
}

/// Of what the listings have: a further field that none of them has changes nothing.
std::string digest_of(const demo_plan& plan, std::uint64_t listings) {
  std::string all;
  for (std::uint64_t n = 0; n < listings; ++n) {
    const property made = demo_listing(plan, n);
    record::item attributes;
    record::append_attributes(attributes, property::fields(), &made);
    all += attributes.view().bytes();
  }
  return to_hex(sha256(all));
}

TEST(Demo, IsTheSameForTheSamePlanOnEveryMachine) {
  EXPECT_EQ(digest_of({500, 1}, 500), "af19bca107a2c774a92063ebf2ee45c372441e79fe3150d715f2fc44a73a38de");
  EXPECT_NE(digest_of({500, 2}, 20), digest_of({500, 1}, 20));
}

TEST(Demo, KeepsToTheRulesOfListings) {
  const demo_plan plan{3000, 7};
  std::vector<problem> problems;
  for (std::uint64_t n = 0; n < plan.count; ++n) {
    property p = demo_listing(plan, n);
    record::scratch store;
    for (const record::field& f : property::fields()) {
      store.list.clear();
      const record::value v = f.fetch(&p, store);
      property copy;
      if (v.kind != record::value_kind::none) record::accept(f, &copy, v, f.name, problems);
    }
    ASSERT_TRUE(problems.empty()) << problems[0].pointer << ": " << problems[0].detail << "\n" << json_of(p);
    EXPECT_EQ(p.title.find('{'), std::string::npos) << p.title;
    EXPECT_EQ(p.description->find('{'), std::string::npos) << *p.description;
    EXPECT_EQ(p.description->find("  "), std::string::npos) << *p.description;
    EXPECT_EQ(p.version, 1);
    EXPECT_LT(p.created_at, demo_until);
    EXPECT_GE(p.created_at, demo_until - demo_span);
  }
}

TEST(Demo, LooksLikeLife) {
  const demo_plan plan{4000, 3};
  std::set<uuid> ids;
  std::set<std::string> texts;
  std::map<std::string, int> cities;
  std::map<std::int64_t, std::pair<double, int>> feet_by_bedrooms;
  instant last{};
  for (std::uint64_t n = 0; n < plan.count; ++n) {
    const property p = demo_listing(plan, n);
    ids.insert(p.id);
    texts.insert(*p.description);
    ++cities[p.city];
    auto& [feet, count] = feet_by_bedrooms[*p.bedrooms];
    feet += static_cast<double>(*p.square_feet);
    ++count;
    EXPECT_GE(p.created_at, last) << "listings come in the order of their times";
    last = p.created_at;
  }
  EXPECT_EQ(ids.size(), plan.count);
  EXPECT_GT(texts.size(), plan.count * 99 / 100);
  EXPECT_GT(cities.size(), 45u);
  const auto mean = [&](std::int64_t rooms) { return feet_by_bedrooms[rooms].first / feet_by_bedrooms[rooms].second; };
  for (std::int64_t rooms = 1; rooms < 5; ++rooms) EXPECT_GT(mean(rooms + 1), mean(rooms) * 1.1);
}

TEST(Demo, FillsAStoreOnce) {
  test::market market;
  EXPECT_FALSE(*holds_listings(market.table()));
  const demo_plan plan{250, 5};
  const auto always = [](std::uint64_t) { return true; };
  const auto first = write_demo(market.table(), plan, always);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->created, 250u);
  EXPECT_TRUE(*holds_listings(market.table()));
  const auto again = write_demo(market.table(), plan, always);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->created, 0u);
  EXPECT_EQ(again->unchanged, 250u);
  const auto stored = market.table().get(key_of(demo_listing(plan, 123).id), table::consistency::strong);
  ASSERT_TRUE(stored && *stored);
  EXPECT_EQ(json_of(*to_property((*stored)->view())), json_of(demo_listing(plan, 123)));
}

}  // namespace
}  // namespace spaces::properties
