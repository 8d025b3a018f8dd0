/// Texts as JSON strings (RFC 8259): only quote, backslash and controls are escaped, other UTF-8 stays as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spaces::record {

/// Appends a text with its quotes.
void append_json_string(std::string& out, std::string_view text);

/// Room that `write_json` may use: each byte as six, two quotes, and a word that is written whole.
constexpr std::size_t json_bytes_max(std::string_view text) { return 6 * text.size() + 2 + sizeof(std::uint64_t); }

/// Writes a text with its quotes where there is room; returns its end.
char* write_json(char* at, std::string_view text);

/// Of eight bytes, loaded as they lie, at least one needs an escape.
constexpr bool needs_escape(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  // Some byte is below `bound`: exact for the question "any?" (bytes with the high bit never are).
  const auto any_below = [](std::uint64_t bytes, std::uint64_t bound) {
    return (bytes - ones * bound) & ~bytes & (ones * 0x80);
  };
  return (any_below(word, 0x20) | any_below(word ^ (ones * '"'), 1) | any_below(word ^ (ones * '\\'), 1)) != 0;
}

}  // namespace spaces::record
