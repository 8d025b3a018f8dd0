#include "platform/picture/sizes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spaces::picture {

using testing::ElementsAre;

void PrintTo(const size& one, std::ostream* out) { *out << one.width << "x" << one.height; }

namespace {

TEST(sizes, are_the_widths_that_a_picture_has) {
  EXPECT_THAT(sizes_of({4032, 3024}), ElementsAre(size{320, 240}, size{640, 480}, size{1280, 960}, size{2048, 1536}));
  EXPECT_THAT(sizes_of({3024, 4032}), ElementsAre(size{320, 427}, size{640, 853}, size{1280, 1707}, size{2048, 2731}));
  EXPECT_THAT(sizes_of({2048, 100}), ElementsAre(size{320, 16}, size{640, 31}, size{1280, 63}, size{2048, 100}));
}

TEST(sizes, are_never_larger_than_the_picture) {
  EXPECT_THAT(sizes_of({1, 1}), ElementsAre(size{1, 1}));
  EXPECT_THAT(sizes_of({200, 100}), ElementsAre(size{200, 100}));
  EXPECT_THAT(sizes_of({320, 200}), ElementsAre(size{320, 200}));
  EXPECT_THAT(sizes_of({1000, 500}), ElementsAre(size{320, 160}, size{640, 320}, size{1000, 500}));
  EXPECT_THAT(sizes_of({2047, 100}), ElementsAre(size{320, 16}, size{640, 31}, size{1280, 63}, size{2047, 100}));
}

TEST(sizes, leave_out_what_is_little_more_than_another) {
  EXPECT_THAT(sizes_of({400, 400}), ElementsAre(size{320, 320}));
  EXPECT_THAT(sizes_of({401, 401}), ElementsAre(size{320, 320}, size{401, 401}));
  EXPECT_THAT(sizes_of({1600, 16}), ElementsAre(size{320, 3}, size{640, 6}, size{1280, 13}));
}

TEST(sizes, of_ribbons_have_sides_and_end) {
  EXPECT_THAT(sizes_of({16'384, 1}), ElementsAre(size{320, 1}, size{640, 1}, size{1280, 1}, size{2048, 1}));
  EXPECT_THAT(sizes_of({1, 16'384}), ElementsAre(size{1, 1280}, size{1, 2560}, size{1, 5120}, size{1, 8192}));
  EXPECT_THAT(sizes_of({1000, 10'000}),
              ElementsAre(size{128, 1280}, size{256, 2560}, size{512, 5120}, size{819, 8192}));
}

TEST(sizes, of_avif_end_at_its_width) {
  EXPECT_THAT(avif_sizes_of({4032, 3024}), ElementsAre(size{320, 240}, size{640, 480}, size{1280, 960}));
  EXPECT_THAT(avif_sizes_of({1000, 500}), ElementsAre(size{320, 160}, size{640, 320}, size{1000, 500}));
  EXPECT_THAT(avif_sizes_of({1800, 900}), ElementsAre(size{320, 160}, size{640, 320}, size{1280, 640}));
  EXPECT_THAT(avif_sizes_of({1, 16'384}), ElementsAre(size{1, 1280}, size{1, 2560}, size{1, 5120}));
}

TEST(sizes, are_one_or_more_for_every_picture) {
  for (unsigned width = 1; width <= side_max; width += 37)
    for (unsigned height = 1; height <= side_max; height += 211) {
      const auto sizes = sizes_of({width, height});
      ASSERT_FALSE(sizes.empty());
      ASSERT_LE(sizes.size() * 2, files_max);
      ASSERT_FALSE(avif_sizes_of({width, height}).empty()) << width << " " << height;
      for (const size& one : sizes) {
        ASSERT_GE(one.width, 1U);
        ASSERT_GE(one.height, 1U);
        ASSERT_LE(one.width, std::min(width, widths.back()));
        ASSERT_LE(one.height, std::min(height, widths.back() * height_ratio_max)) << width << " " << height;
      }
    }
}

}  // namespace

}  // namespace spaces::picture
