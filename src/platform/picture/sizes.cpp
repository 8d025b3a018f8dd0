#include "platform/picture/sizes.hpp"

#include <algorithm>
#include <cstdint>

namespace spaces::picture {

namespace {

/// The picture within `width` and `height_ratio_max` times as high.
size within(size original, unsigned width) {
  const std::uint64_t height_max = std::uint64_t{width} * height_ratio_max;
  const auto scaled = [](std::uint64_t side, std::uint64_t by, std::uint64_t of) {
    return static_cast<unsigned>(std::max<std::uint64_t>(1, (side * by + of / 2) / of));
  };
  const bool by_width = std::uint64_t{original.width} * height_ratio_max >= original.height;
  if (by_width) return {width, scaled(original.height, width, original.width)};
  return {scaled(original.width, height_max, original.height), static_cast<unsigned>(height_max)};
}

}  // namespace

std::vector<size> sizes_of(size original) {
  // The narrowest width that shows all that there is.
  const unsigned whole = std::max(original.width, (original.height + height_ratio_max - 1) / height_ratio_max);
  std::vector<size> sizes;
  unsigned last = 0;
  for (const unsigned width : widths) {
    if (width > whole) break;
    sizes.push_back(within(original, width));
    last = width;
  }
  if (last < widths.back() && last * 5 < whole * 4) sizes.push_back(original);
  return sizes;
}

std::vector<size> avif_sizes_of(size original) {
  std::vector<size> sizes = sizes_of(original);
  // By their boxes: a high and narrow picture of the 2048 box stays out, though it be narrow.
  std::erase_if(sizes,
                [](const size& one) { return std::max(one.width, one.height / height_ratio_max) > avif_width_max; });
  return sizes;
}

}  // namespace spaces::picture
