#include "platform/base/base64.hpp"

#include <array>
#include <cstdint>

namespace spaces {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t no_digit = 1u << 24;  // above every group of three bytes

constexpr std::array<std::uint32_t, 256> make_values() {
  std::array<std::uint32_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint32_t>(i);
  return values;
}
constexpr std::array<std::uint32_t, 256> values = make_values();

std::uint32_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::uint32_t digit_at(std::string_view text, std::size_t at) { return values[static_cast<unsigned char>(text[at])]; }

/// The last group: one byte behind "xx==", two behind "xxx=".
bool append_padded(std::string& out, std::string_view group) {
  const bool one = group[2] == '=';
  const std::uint32_t third = one ? 0 : digit_at(group, 2);
  const std::uint32_t bits = digit_at(group, 0) << 18 | digit_at(group, 1) << 12 | third << 6;
  if ((digit_at(group, 0) | digit_at(group, 1) | third) >= no_digit) return false;
  if ((bits & (one ? 0xFFFFu : 0xFFu)) != 0) return false;
  out += static_cast<char>(bits >> 16);
  if (!one) out += static_cast<char>(bits >> 8 & 0xFF);
  return true;
}

}  // namespace

char* write_base64(char* to, std::string_view bytes) {
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const std::uint32_t bits = byte_at(bytes, at) << 16 | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2);
    for (const int shift : {18, 12, 6, 0}) *to++ = alphabet[bits >> shift & 63];
  }
  const std::size_t left = bytes.size() - at;
  if (left == 0) return to;
  const std::uint32_t bits = byte_at(bytes, at) << 16 | (left == 2 ? byte_at(bytes, at + 1) << 8 : 0);
  *to++ = alphabet[bits >> 18];
  *to++ = alphabet[bits >> 12 & 63];
  *to++ = left == 2 ? alphabet[bits >> 6 & 63] : '=';
  *to++ = '=';
  return to;
}

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t before = out.size();
  out.resize(before + (bytes.size() + 2) / 3 * 4);
  write_base64(out.data() + before, bytes);
}

bool append_from_base64(std::string& out, std::string_view text) {
  if (text.size() % 4 != 0) return false;
  const bool padded = text.ends_with('=');
  const std::size_t whole = text.size() - (padded ? 4 : 0);
  std::size_t to = out.size();
  out.resize(to + whole / 4 * 3);
  for (std::size_t at = 0; at < whole; at += 4) {
    const std::uint32_t digits[] = {digit_at(text, at), digit_at(text, at + 1), digit_at(text, at + 2),
                                    digit_at(text, at + 3)};
    if ((digits[0] | digits[1] | digits[2] | digits[3]) >= no_digit) return false;
    const std::uint32_t bits = digits[0] << 18 | digits[1] << 12 | digits[2] << 6 | digits[3];
    out[to++] = static_cast<char>(bits >> 16);
    out[to++] = static_cast<char>(bits >> 8 & 0xFF);
    out[to++] = static_cast<char>(bits & 0xFF);
  }
  return !padded || append_padded(out, text.substr(whole));
}

}  // namespace spaces
