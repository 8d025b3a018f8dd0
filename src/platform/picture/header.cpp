#include "platform/picture/header.hpp"

#include "platform/picture/box_header.hpp"

#include <cstddef>
#include <optional>

namespace spaces::picture {

namespace {

using std::uint32_t;
using found = std::variant<header, reason>;

unsigned byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

unsigned big16(std::string_view bytes, std::size_t at) { return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1); }

uint32_t big32(std::string_view bytes, std::size_t at) { return big16(bytes, at) << 16 | big16(bytes, at + 2); }

unsigned little16(std::string_view bytes, std::size_t at) { return byte_at(bytes, at + 1) << 8 | byte_at(bytes, at); }

uint32_t little24(std::string_view bytes, std::size_t at) { return byte_at(bytes, at + 2) << 16 | little16(bytes, at); }

uint32_t little32(std::string_view bytes, std::size_t at) { return byte_at(bytes, at + 3) << 24 | little24(bytes, at); }

/// Segments up to the frame header (ITU-T T.81, B.2.2): SOF0 to SOF15 without DHT, JPG and DAC.
found read_jpeg(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 4 <= bytes.size()) {
    if (byte_at(bytes, at) != 0xFF) return reason::damaged;
    const unsigned marker = byte_at(bytes, at + 1);
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    const unsigned length = big16(bytes, at + 2);
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) {
      if (length < 8 || at + 9 > bytes.size()) return reason::damaged;
      return header{format::jpeg, big16(bytes, at + 7), big16(bytes, at + 5)};
    }
    // What has no length (restarts, begin, end) or begins the scan cannot come before a frame.
    if (length < 2 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xDA)) return reason::damaged;
    at += 2U + length;
  }
  return reason::damaged;
}

/// ISO/IEC 15948, 11.2.2: the first chunk is IHDR.
found read_png(std::string_view bytes) {
  constexpr std::size_t ihdr_end = 8 + 8 + 13 + 4;
  if (bytes.size() < ihdr_end || big32(bytes, 8) != 13 || bytes.substr(12, 4) != "IHDR") return reason::damaged;
  return header{format::png, big32(bytes, 16), big32(bytes, 20)};
}

/// RFC 9649: a container, and in it a frame with or without loss, or the extended header.
found read_webp(std::string_view bytes) {
  if (bytes.size() < 30 || little32(bytes, 4) > bytes.size() - 8) return reason::damaged;
  const std::string_view kind = bytes.substr(12, 4);
  if (kind == "VP8X") return header{format::webp, little24(bytes, 24) + 1, little24(bytes, 27) + 1};
  if (kind == "VP8L") {
    if (byte_at(bytes, 20) != 0x2F) return reason::damaged;
    const uint32_t packed = little32(bytes, 21);
    return header{format::webp, (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1};
  }
  if (kind != "VP8 " || bytes.substr(23, 3) != "\x9D\x01\x2A") return reason::damaged;
  return header{format::webp, little16(bytes, 26) & 0x3FFF, little16(bytes, 28) & 0x3FFF};
}

bool is_jpeg(std::string_view bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1A\n"); }

bool is_webp(std::string_view bytes) {
  return bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP";
}

bool is_boxes(std::string_view bytes) { return bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp"; }

/// Pictures that people have and that are not taken.
bool is_other_picture(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr std::string_view beginnings[] = {
      "GIF87a",
      "GIF89a",
      "II*\0"sv,
      "MM\0*"sv,
      "II+\0"sv,
      "BM",
      "\xFF\x0A",
      "8BPS",
      "P4\n",
      "P5\n",
      "P6\n",
      "\0\0\1\0"sv,
      "\xFF\x4F\xFF\x51",
      "FUJIFILM",
      "<svg",
      "qoif",
      "\x76\x2F\x31\x01",
      "\0\0\0\x0CJXL \r\n\x87\n"sv,
      "\0\0\0\x0CjP  \r\n\x87\n"sv,
  };
  for (const std::string_view one : beginnings)
    if (bytes.starts_with(one)) return true;
  return bytes.starts_with("<?xml") && bytes.substr(0, 1024).find("<svg") != std::string_view::npos;
}

found read_any(std::string_view bytes) {
  if (is_jpeg(bytes)) return read_jpeg(bytes);
  if (is_png(bytes)) return read_png(bytes);
  if (is_webp(bytes)) return read_webp(bytes);
  if (is_boxes(bytes)) return read_box_header(bytes);
  return is_other_picture(bytes) ? reason::format : reason::not_a_picture;
}

}  // namespace

std::string_view content_type_of(format which) {
  constexpr std::string_view names[] = {"image/jpeg", "image/png", "image/webp", "image/avif", "image/heic"};
  return names[static_cast<std::size_t>(which)];
}

std::optional<format> format_of(std::string_view beginning) {
  if (is_jpeg(beginning)) return format::jpeg;
  if (is_png(beginning)) return format::png;
  if (is_webp(beginning)) return format::webp;
  return is_boxes(beginning) ? format_of_boxes(beginning) : std::nullopt;
}

std::optional<reason> beyond_limits(unsigned width, unsigned height) {
  if (width == 0 || height == 0) return reason::damaged;
  if (width > side_max || height > side_max) return reason::side;
  if (std::uint64_t{width} * height > pixels_max) return reason::pixels;
  return std::nullopt;
}

std::variant<header, reason> read_header(std::string_view bytes) {
  if (bytes.size() > file_bytes_max) return reason::bytes;
  const found read = read_any(bytes);
  if (const header* const told = std::get_if<header>(&read))
    if (const auto over = beyond_limits(told->width, told->height)) return *over;
  return read;
}

}  // namespace spaces::picture
