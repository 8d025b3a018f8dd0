#include "marketplace/images/likeness_index.hpp"

#include "marketplace/images/limits.hpp"
#include "scenario/market.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace spaces::images {
namespace {

/// Pictures in a real table.
class likeness_index_test : public testing::Test {
 protected:
  likeness enter(std::uint64_t bits, std::string_view owner) {
    likeness made{bits, make_uuid_v7(market_.clock().now()), make_uuid_v7(market_.clock().now()), test::id_of(owner)};
    const auto written = market_.table().write({enter_likeness(made)});
    EXPECT_TRUE(written && !*written);
    return made;
  }
  std::map<uuid, int> alike(const likeness& like) {
    std::map<uuid, int> found;
    const auto visited = visit_alike(market_.table(), like, [&](const likeness& other, int distance) {
      EXPECT_TRUE(found.emplace(other.image, distance).second) << "each once";
      return true;
    });
    EXPECT_TRUE(visited);
    return found;
  }
  /// With so many of its bits turned, any of them.
  std::uint64_t turned(std::uint64_t bits, int count) {
    for (std::uint64_t done = 0; count > 0;) {
      const std::uint64_t bit = std::uint64_t{1} << (random_() % 64);
      if ((done & bit) != 0) continue;
      done |= bit;
      bits ^= bit;
      --count;
    }
    return bits;
  }

  test::market market_;
  std::mt19937_64 random_{20261122};
};

TEST_F(likeness_index_test, finds_every_picture_of_others_that_differs_in_few_bits) {
  const likeness anns = enter(random_(), "ann");
  enter(anns.bits, "ann");  // her own once more
  for (int round = 0; round < 20; ++round)
    for (int distance = 0; distance <= same_picture_distance_max + 1; ++distance) {
      const likeness bens = enter(turned(anns.bits, distance), "ben");
      const auto found = alike(anns);
      if (distance > same_picture_distance_max) {
        EXPECT_FALSE(found.contains(bens.image)) << distance;
      } else {
        ASSERT_TRUE(found.contains(bens.image)) << distance;
        EXPECT_EQ(found.at(bens.image), distance);
      }
      ASSERT_TRUE(market_.table().write({table::remove{likeness_key(bens.image), {}}}));
    }
  EXPECT_TRUE(alike(anns).empty());
}

TEST_F(likeness_index_test, looks_at_few_rows_of_many_pictures) {
  const likeness anns = enter(random_(), "ann");
  for (int i = 0; i < 2000; ++i) enter(random_(), "ben");
  const std::size_t before = market_.table().rows_visited();
  EXPECT_TRUE(alike(anns).empty());
  EXPECT_LE(market_.table().rows_visited() - before, 60U) << "2,000 pictures, 69 keys of one in 8,192 or 4,096";
}

TEST_F(likeness_index_test, stops_when_told_to) {
  const likeness anns = enter(7, "ann");
  for (int i = 0; i < 10; ++i) enter(7, "ben");
  int seen = 0;
  ASSERT_TRUE(visit_alike(market_.table(), anns, [&](const likeness&, int) { return ++seen < 3; }));
  EXPECT_EQ(seen, 3);
}

}  // namespace
}  // namespace spaces::images
