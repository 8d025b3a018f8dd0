#include "platform/picture/likeness.hpp"
#include "platform/picture/limits.hpp"
#include "platform/picture/thumb_hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace spaces::picture {

namespace {

/// Some colour at each place; the same as the reference was given.
std::string drawn(unsigned width, unsigned height) {
  std::string pixels;
  for (unsigned y = 0; y < height; ++y)
    for (unsigned x = 0; x < width; ++x)
      for (const unsigned value : {x * 37 + y * 11, x * x + y * 5, 200 - y * 3 + x * 7})
        pixels += static_cast<char>(value & 0xFF);
  return pixels;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

TEST(thumb_hash, is_what_the_reference_makes) {
  // thumbhash 0.1.1, rgbaToThumbHash with every alpha 255.
  struct row {
    unsigned width, height;
    std::string hash;
  };
  for (const row& one :
       {row{100, 75, "df07060d807787569898f875757477884703ddcbf7"},
        row{75, 100, "e0f7010d0088d8a6e684994b50758679760666f77c"}, row{100, 3, "de170611844626bf778777877076f79c96"},
        row{7, 7, "dec30a1f0e60687867697887877778888778072474305807"},
        row{33, 100, "1ff805120299a763ed04577845057af87d"}}) {
    const std::string hash = thumb_hash(one.width, one.height, drawn(one.width, one.height));
    EXPECT_EQ(hex(hash), one.hash) << one.width << " x " << one.height;
    EXPECT_LE(hash.size(), placeholder_bytes_max);
  }
}

/// A picture of 32 x 32 by a function of its place, 0 to 1 on either axis.
template <class Draw>
std::string grey(Draw draw) {
  std::string pixels;
  for (unsigned y = 0; y < likeness_side; ++y)
    for (unsigned x = 0; x < likeness_side; ++x)
      pixels += static_cast<char>(static_cast<unsigned char>(
          std::lround(std::clamp<double>(draw((x + 0.5) / likeness_side, (y + 0.5) / likeness_side), 0, 255))));
  return pixels;
}

double house(double x, double y) {
  if (y > 0.7) return 90 + 20 * std::sin(9 * x);
  if (x > 0.2 && x < 0.7 && y > 0.35) return x > 0.4 && x < 0.5 && y > 0.5 ? 40 : 180;
  return 230 - 60 * y;
}

TEST(likeness, survives_what_happens_to_pictures) {
  const auto hash = likeness_of(grey(house));
  EXPECT_NE(hash, 0U);
  EXPECT_EQ(hash, likeness_of(grey(house)));
  EXPECT_LE(distance(hash, likeness_of(grey([](double x, double y) { return house(x, y) * 0.8 + 10; }))), 2U)
      << "darker and duller";
  EXPECT_LE(distance(hash, likeness_of(
                               grey([](double x, double y) { return house(x, y) + 6 * std::sin(400 * x + 171 * y); }))),
            same_distance_max)
      << "noise";
  EXPECT_LE(distance(hash, likeness_of(grey([](double x, double y) { return house(x * 0.99 + 0.005, y * 0.99); }))),
            same_distance_max)
      << "a percent cut off";
}

TEST(likeness, tells_other_pictures_apart) {
  const auto hash = likeness_of(grey(house));
  EXPECT_GT(distance(hash, likeness_of(grey([](double x, double y) { return house(1 - x, y); }))), 16U) << "mirrored";
  EXPECT_GT(distance(hash, likeness_of(grey([](double x, double y) { return 255 * x * y; }))), 16U);
  EXPECT_GT(
      distance(hash,
               likeness_of(grey([](double x, double y) { return 128 + 100 * std::sin(12 * x) * std::cos(9 * y); }))),
      16U);
}

TEST(likeness, of_a_picture_without_forms_is_none) {
  EXPECT_EQ(likeness_of(grey([](double, double) { return 255.0; })), 0U);
  EXPECT_EQ(likeness_of(grey([](double, double) { return 0.0; })), 0U);
  EXPECT_EQ(likeness_of(grey([](double x, double y) { return 128.0 + (std::sin(999 * x + 77 * y) > 0.9 ? 1 : 0); })),
            0U);
}

}  // namespace

}  // namespace spaces::picture
