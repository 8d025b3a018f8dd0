#include "marketplace/properties/demo/demo_picture.hpp"

#include "marketplace/properties/demo/demo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace spaces::properties {

namespace {

TEST(demo_pictures, are_of_the_front_and_then_of_rooms) {
  const auto drawn = draw_demo_pictures(demo_listing({.count = 10}, 3), 9);
  ASSERT_EQ(drawn.size(), 4U);
  EXPECT_EQ(drawn[0].name, "front.png");
  EXPECT_EQ(drawn[1].name, "living-room.png");
  for (const demo_picture& one : drawn) {
    EXPECT_FALSE(one.alt.empty());
    // 1280 x 853, 8 bits of red, green and blue.
    EXPECT_EQ(one.png.substr(0, 26), std::string("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\5\0\0\0\3\x55\x08\x02", 26));
    EXPECT_TRUE(one.png.ends_with(std::string("\0\0\0\0IEND\xAE\x42\x60\x82", 12)));
    EXPECT_LT(one.png.size(), 400'000U) << one.name;
  }
  EXPECT_EQ(draw_demo_pictures(demo_listing({.count = 10}, 3), 1).size(), 1U);
}

TEST(demo_pictures, are_the_same_for_one_listing_and_others_for_another) {
  std::set<std::string> fronts;
  for (std::uint64_t n = 0; n < 6; ++n) {
    const property listing = demo_listing({.count = 6}, n);
    const auto first = draw_demo_pictures(listing, 1), again = draw_demo_pictures(listing, 1);
    EXPECT_EQ(first[0].png, again[0].png);
    fronts.insert(first[0].png);
  }
  EXPECT_EQ(fronts.size(), 6U);
}

}  // namespace

}  // namespace spaces::properties
