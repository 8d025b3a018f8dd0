/// For tests: the first bytes of pictures, with nothing behind them.
#pragma once

#include "platform/picture/sizes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::picture {

inline std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string text = big_endian(value, bytes);
  return {text.rbegin(), text.rend()};
}

inline std::string jpeg_header(unsigned width, unsigned height) {
  return "\xFF\xD8\xFF\xC0" + big_endian(17, 2) + '\x08' + big_endian(height, 2) + big_endian(width, 2);
}

inline std::string png_header(unsigned width, unsigned height) {
  return "\x89PNG\r\n\x1A\n" + big_endian(13, 4) + "IHDR" + big_endian(width, 4) + big_endian(height, 4) +
         std::string("\x08\x02\0\0\0\0\0\0\0", 9);
}

inline std::string webp_header(unsigned width, unsigned height) {
  return "RIFF" + little_endian(22, 4) + "WEBPVP8X" + little_endian(10, 4) + std::string(4, '\0') +
         little_endian(width - 1, 3) + little_endian(height - 1, 3);
}

inline std::string box(std::string_view type, const std::string& content) {
  return big_endian(content.size() + 8, 4) + std::string(type) + content;
}

/// AVIF or HEIC by its brand; item N of this size has property N.
inline std::string box_picture(const std::string& brand, const std::vector<size>& items, unsigned primary = 1) {
  std::string attributes, associations;
  for (std::size_t i = 0; i < items.size(); ++i) {
    attributes += box("ispe", std::string(4, '\0') + big_endian(items[i].width, 4) + big_endian(items[i].height, 4));
    associations += big_endian(i + 1, 2) + '\1' + big_endian(0x8000 | (i + 1), 2);
  }
  const std::string ipma = big_endian(1, 4) + big_endian(items.size(), 4) + associations;
  return box("ftyp", brand + std::string(4, '\0') + "mif1") +
         box("meta", std::string(4, '\0') + box("hdlr", std::string(24, '\0')) +
                         box("pitm", std::string(4, '\0') + big_endian(primary, 2)) +
                         box("iprp", box("ipco", attributes) + box("ipma", ipma)));
}

}  // namespace spaces::picture
