/// What a picture's first bytes say of it: which format it is, and how large. Reads no more than it must, allocates
/// nothing, and judges nothing behind the header. Used before a decoder sees the bytes, and for an early answer.
#pragma once

#include "platform/picture/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace spaces::picture {

enum class format : std::uint8_t { jpeg, png, webp, avif, heic };

/// "image/jpeg".
std::string_view content_type_of(format which);

struct header {
  format kind = format::jpeg;
  unsigned width = 0;  ///< as it is stored, before it is turned by what it says of its orientation
  unsigned height = 0;

  friend bool operator==(const header&, const header&) = default;
};

/// Why a picture is refused.
enum class reason : std::uint8_t {
  not_a_picture,
  format,   ///< a picture, and of a format that is not taken
  bytes,    ///< more than `file_bytes_max`
  side,     ///< a side longer than `side_max`
  pixels,   ///< more than `pixels_max`
  damaged,  ///< cut short, or with bytes that cannot be
  too_slow  ///< takes more time or memory than a picture may
};
inline constexpr unsigned reasons = 7;

/// The header of a whole file's bytes, within every limit of picture/limits.hpp; else the first reason against it.
std::variant<header, reason> read_header(std::string_view bytes);

/// The format alone, by the first bytes (`format_bytes` are enough for what cameras write); empty for what is not
/// taken.
std::optional<format> format_of(std::string_view beginning);
inline constexpr std::size_t format_bytes = 256;

/// What a picture of this size breaks: a limit, or `damaged` where a side is 0.
std::optional<reason> beyond_limits(unsigned width, unsigned height);

}  // namespace spaces::picture
