/// Numbers in as few bytes as they need: seven bits a byte, the lowest first (LEB128). What items and
/// cards are packed with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spaces::record {

inline void append_varint(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

/// Takes a varint off the front of `rest`; false, and `rest` in any state, when there is none.
inline bool take_varint(std::string_view& rest, std::uint64_t& number) {
  if (!rest.empty() && static_cast<std::uint8_t>(rest.front()) < 0x80) {  // most are that short
    number = static_cast<std::uint8_t>(rest.front());
    rest.remove_prefix(1);
    return true;
  }
  number = 0;
  for (std::size_t i = 0; i < rest.size() && i < 10; ++i) {
    const auto byte = static_cast<std::uint8_t>(rest[i]);
    if (i == 9 && byte > 1) return false;  // over 64 bits
    if (i > 0 && byte == 0) return false;  // one spelling for each number
    number |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

/// Small numbers of either sign are small: 0, -1, 1, -2 are 0, 1, 2, 3.
inline std::uint64_t zigzag(std::int64_t n) {
  return (static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63);
}
inline std::int64_t unzigzag(std::uint64_t n) { return static_cast<std::int64_t>((n >> 1) ^ (~(n & 1) + 1)); }

}  // namespace spaces::record
