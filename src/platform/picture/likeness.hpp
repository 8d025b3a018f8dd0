/// A perceptual hash: pictures that look alike have hashes that differ in few of their 64 bits, whatever their size,
/// format and quality. For finding a picture again, not for telling two apart: 8 bits or fewer is "the same" (in ten
/// thousand pairs of unrelated photographs one may be so near).
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace spaces::picture {

/// Of how many pixels a side the hash is made.
inline constexpr unsigned likeness_side = 32;
inline constexpr unsigned same_distance_max = 8;

/// Of 32 * 32 pixels of grey, a byte each: one bit for each of the 64 lowest frequencies of the cosine transform but
/// those that lie along one side, set where it is above their median. 0 for a picture without forms (one colour, say),
/// which is like every other such picture.
std::uint64_t likeness_of(std::string_view pixels);

/// In how many bits two hashes differ.
inline unsigned distance(std::uint64_t one, std::uint64_t other) {
  return static_cast<unsigned>(std::popcount(one ^ other));
}

}  // namespace spaces::picture
