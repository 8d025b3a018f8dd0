/// The bounds that pictures keep to, each with its reason.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spaces::picture {

/// A telephone's largest JPEG (50 megapixels at its best quality) has some 20 MB.
inline constexpr std::uint64_t file_bytes_max = 25 * 1024 * 1024;
/// What telephones take at most in common use; each megapixel more is memory and time of a worker.
inline constexpr std::uint64_t pixels_max = 50'000'000;
/// WebP ends at 16,383, and no camera's picture comes near; a longer side within `pixels_max` is a ribbon.
inline constexpr unsigned side_max = 16'384;

/// What pages ask for: a card on a telephone, one on a dense screen, a page's width, a whole dense screen.
inline constexpr std::array<unsigned, 4> widths{320, 640, 1280, 2048};
/// AVIF beyond it takes longer than all other files together, and few pages show more.
inline constexpr unsigned avif_width_max = 1280;

/// A ThumbHash: 5 bytes of header, and at most 7 x 7 terms of half a byte for brightness and as many for the rest.
inline constexpr std::size_t placeholder_bytes_max = 64;
/// Four widths in two formats; AVIF comes by itself.
inline constexpr std::size_t files_max = 8;
/// 2048 wide and as high as a side may be is no photograph; one of 2048 x 2048 noise has 4 MB at our quality.
inline constexpr std::uint64_t output_bytes_max = 16 * 1024 * 1024;

/// CPU for one stage of one picture. The slowest that is right (50 megapixels, all files) takes 8 s on a slow machine.
inline constexpr std::chrono::seconds cpu_time_max{20};
/// From asking a worker to its answer: a worker lets all others go first, and on a busy machine that takes a while.
inline constexpr std::chrono::seconds wall_time_max{120};

}  // namespace spaces::picture
