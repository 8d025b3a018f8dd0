#include "platform/base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace spaces {

namespace {

constexpr std::uint64_t every_byte(std::uint8_t value) { return 0x0101010101010101ull * value; }
constexpr std::uint64_t high_bits = every_byte(0x80);

std::uint64_t load_word(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Some byte is below `bound` (at most 0x80) and has no high bit. Exact for the question "any?".
constexpr std::uint64_t any_below(std::uint64_t word, std::uint8_t bound) {
  return (word - every_byte(bound)) & ~word & high_bits;
}

/// How many bytes at the front are ASCII, counted in whole words, then singly.
std::size_t ascii_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at + 8 <= text.size() && (load_word(text.data() + at) & high_bits) == 0) at += 8;
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Bytes of the well-formed code point at the front (RFC 3629, section 4); 0 for anything else.
std::size_t sequence_size(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() < size) return 0;
  // The second byte's range is narrower behind these: overlong forms, surrogates, above U+10FFFF.
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t at = 2; at < size; ++at) {
    if (!is_continuation(text[at])) return 0;
  }
  return size;
}

/// Bytes of the white space (Unicode White_Space) at the front; 0 when there is none.
std::size_t white_space_size(std::string_view text) {
  if (text.empty()) return 0;
  const char c = text.front();
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  const std::string_view two = text.substr(0, 2);
  if (two == "\u0085" || two == "\u00A0") return 2;
  const std::string_view three = text.substr(0, 3);
  if (three == "\u1680" || three == "\u2028" || three == "\u2029" || three == "\u202F" || three == "\u205F" ||
      three == "\u3000") {
    return 3;
  }
  return three >= "\u2000" && three <= "\u200A" && three.size() == 3 ? 3 : 0;
}

/// The same at the end.
std::size_t trailing_white_space_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && size < 4 && is_continuation(text[text.size() - size])) ++size;
  if (text.empty() || white_space_size(text.substr(text.size() - size)) != size) return 0;
  return size;
}

char lower_of(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (;;) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return true;
    const std::size_t size = sequence_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
}

std::size_t code_points(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

std::string_view trim(std::string_view text) {
  while (const std::size_t size = white_space_size(text)) text.remove_prefix(size);
  while (const std::size_t size = trailing_white_space_size(text)) text.remove_suffix(size);
  return text;
}

bool has_control(std::string_view text, bool allow_line_breaks) {
  for (std::size_t at = 0; at < text.size();) {
    if (at + 8 <= text.size()) {
      const std::uint64_t word = load_word(text.data() + at);
      if (((word & high_bits) | any_below(word, 0x20) | any_below(word ^ every_byte(0x7F), 1)) == 0) {
        at += 8;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool line_break = byte == '\t' || byte == '\n' || byte == '\r';
    if ((byte < 0x20 && !(allow_line_breaks && line_break)) || byte == 0x7F) return true;
    // U+0080 to U+009F are C2 80 to C2 9F.
    if (byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
    ++at;
  }
  return false;
}

character_kinds kinds_in(std::string_view text) {
  character_kinds kinds;
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (size <= 0) break;
    switch (utf8proc_category(point)) {
      case UTF8PROC_CATEGORY_LU:
      case UTF8PROC_CATEGORY_LT: kinds.upper = true; break;
      case UTF8PROC_CATEGORY_LL: kinds.lower = true; break;
      case UTF8PROC_CATEGORY_ND: kinds.digit = true; break;
      default: kinds.other = true;
    }
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return kinds;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower_of(x) == lower_of(y); });
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower_of);
  return out;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '+' && plus_is_space) {
      out += ' ';
    } else if (c != '%') {
      out += c;
    } else {
      if (text.size() - at < 3) return std::nullopt;
      const int high = hex_value(text[at + 1]);
      const int low = hex_value(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      at += 2;
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 0x0F];
    }
  }
  return out;
}

}  // namespace spaces
