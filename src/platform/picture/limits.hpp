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
/// No camera's picture comes near; a longer side within `pixels_max` is a ribbon.
inline constexpr unsigned side_max = 16'384;

/// What pages ask for: a card on a telephone, one on a dense screen, a page's width, a whole dense screen.
inline constexpr std::array<unsigned, 4> widths{320, 640, 1280, 2048};
/// AVIF beyond it takes longer than all other files together, and few pages show more.
inline constexpr unsigned avif_width_max = 1280;
/// A file is at most so many times as high as it is wide: a telephone's screen is 2.3 times. What is higher (a chat's
/// screenshot, a ribbon) would be ten times a photograph's pixels at the same width.
inline constexpr unsigned height_ratio_max = 4;

/// An opaque picture's ThumbHash: 5 bytes of header, 27 terms of brightness and 5 of each colour, half a byte each.
inline constexpr std::size_t placeholder_bytes_max = 24;
/// Four widths in two formats; AVIF comes by itself.
inline constexpr std::size_t files_max = 8;
/// The largest file is 2048 x 8192: 16 MB at a byte for each pixel, which is noise at twice our quality.
inline constexpr std::uint64_t output_bytes_max = 16 * 1024 * 1024;
/// All files of one answer: noise of four widths in both formats.
inline constexpr std::uint64_t answer_bytes_max = 48 * 1024 * 1024;

/// The boxes in one AVIF's or HEIC's list of properties. A telephone's has some ten, a picture of 50 tiles no more.
inline constexpr std::size_t attributes_max = 1000;

/// CPU for one stage of one picture. The slowest that is right (50 megapixels, all files) takes 8 s on a slow machine.
inline constexpr std::chrono::seconds cpu_time_max{20};
/// From asking a worker to its answer: a worker lets all others go first, and on a busy machine that takes a while.
inline constexpr std::chrono::seconds wall_time_max{120};
/// From a worker's start until it greets: it loads a hundred libraries and tries every format once, 1 s alone.
inline constexpr std::chrono::seconds greeting_time_max{60};
/// A worker is renewed after so many pictures: what libraries leave behind is given back, and one that a picture has
/// changed does not meet many more. Its start costs as much as half a picture.
inline constexpr unsigned pictures_of_one_worker_max = 100;
/// More than a machine of this kind has cores; each has some 100 MB.
inline constexpr unsigned workers_max = 8;

}  // namespace spaces::picture
