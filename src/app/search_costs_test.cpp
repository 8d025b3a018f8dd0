/// What searches that no index answers cost on DynamoDB, in a market of the size that docs/COST.md assumes. The rows
/// are those of the embedded engine, charged as DynamoDB charges; that it charges so, request_costs_test holds.
#include "marketplace/cost/month.hpp"
#include "marketplace/properties/demo/demo.hpp"
#include "scenario/market.hpp"
#include "scenario/pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::app {
namespace {

using test::get;

/// What buyers look for: nearly all in a city, most with rooms and a price, a few by a word or all over a state.
constexpr const char* searches[] = {
    "city=Seattle&minBedrooms=3",
    "city=Seattle&minBedrooms=2&maxPrice=600000",
    "city=Seattle&features=garden",
    "city=Seattle&zipCode=98103",
    "city=Austin&minBedrooms=3&minBathrooms=2",
    "city=Austin&maxPrice=450000",
    "city=Austin&minBedrooms=3&minPrice=300000&maxPrice=500000",
    "city=Denver&q=garage",
    "city=Denver&minSquareFeet=2000",
    "city=Denver&minBedrooms=2&maxPrice=500000&sort=price",
    "city=Los%20Angeles&minBedrooms=2&maxPrice=700000",
    "city=Los%20Angeles&minBedrooms=3&features=garage",
    "city=Chicago&minBedrooms=4",
    "city=Chicago&features=balcony&maxPrice=400000",
    "city=Reno&minBedrooms=3&maxPrice=500000",
    "state=WA&minBedrooms=3",
    "state=CA&maxPrice=600000",
    "state=TX&minBedrooms=3&sort=price",
    "minBedrooms=3&maxPrice=400000",
    "q=fireplace",
};

TEST(search_costs, are_the_mean_of_what_buyers_look_for) {
  test::market market({.public_listings = true, .table = "lmdb"});
  std::vector<table::operation> together;
  for (std::uint64_t n = 0; n < static_cast<std::uint64_t>(cost::assumptions{}.listings); ++n) {
    properties::property p = properties::demo_listing({}, n);
    p.images.set(std::vector{test::photograph()}, properties::images_change::by_owner, p.version);
    together.emplace_back(table::put{properties::key_of(p.id), properties::to_item(p), {}});
    if (together.size() == table::operations_max) {
      const auto written = market.table().write(std::exchange(together, {}));
      ASSERT_TRUE(written && !*written);
    }
  }
  std::size_t dearest = 0;
  const std::size_t before = market.table().index_half_units();
  for (const char* each : searches) {
    const std::size_t paid = market.table().index_half_units();
    ASSERT_EQ(market.send(get("/api/v1/properties?" + std::string(each))).status, 200) << each;
    dearest = std::max(dearest, market.table().index_half_units() - paid);
  }
  const double mean = static_cast<double>(market.table().index_half_units() - before) / 2 / std::size(searches);
  const auto& kind = *std::ranges::find(cost::request_kinds(), "search", &cost::request_kind::name);
  EXPECT_NEAR(mean, kind.read_units, kind.read_units / 10);
  EXPECT_LE(dearest, 2U * 27) << "all rows that one page may examine";
}

}  // namespace
}  // namespace spaces::app
