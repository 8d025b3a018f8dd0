/// ThumbHash (Evan Wallace, 2023): a blurred picture in some 24 bytes, which a page shows while the picture comes. Ours
/// are of opaque pictures.
#pragma once

#include <string>
#include <string_view>

namespace spaces::picture {

/// The most that either side may have.
inline constexpr unsigned thumb_hash_side_max = 100;

/// Of width * height pixels of red, green and blue, a byte each.
std::string thumb_hash(unsigned width, unsigned height, std::string_view pixels);

}  // namespace spaces::picture
