/// Which sizes a picture is made into.
#pragma once

#include "platform/picture/limits.hpp"

#include <vector>

namespace spaces::picture {

struct size {
  unsigned width = 0;
  unsigned height = 0;

  friend bool operator==(const size&, const size&) = default;
};

/// From narrow to wide: every width of `widths` that the picture has, and its own where the largest of these leaves
/// more than a fifth of it away: 1000 wide gives 320, 640 and 1000; 1300 gives 320, 640 and 1280; 200 gives 200. Never
/// enlarged. What is more than `height_ratio_max` times as high as wide is made as high as that many times the width,
/// and narrower. Both sides are 1 or more.
std::vector<size> sizes_of(size original);

/// Those of them that AVIF is made of.
std::vector<size> avif_sizes_of(size original);

}  // namespace spaces::picture
