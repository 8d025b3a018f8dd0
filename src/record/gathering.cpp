#include "record/gathering.hpp"

namespace spaces::record {

namespace {

/// One byte, escaped where it must be.
char* write_byte(char* at, unsigned char byte) {
  static constexpr char digits[] = "0123456789abcdef";
  if (byte >= 0x20 && byte != '"' && byte != '\\') {
    *at++ = static_cast<char>(byte);
    return at;
  }
  *at++ = '\\';
  switch (byte) {
    case '"':
    case '\\': *at++ = static_cast<char>(byte); return at;
    case '\n': *at++ = 'n'; return at;
    case '\r': *at++ = 'r'; return at;
    case '\t': *at++ = 't'; return at;
    case '\b': *at++ = 'b'; return at;
    case '\f': *at++ = 'f'; return at;
    default: break;
  }
  for (const char each : {'u', '0', '0'}) *at++ = each;
  at[0] = digits[byte >> 4];
  at[1] = digits[byte & 0x0F];
  return at + 2;
}

char* write_bytes(char* at, const char* from, const char* end) {
  for (; from != end; ++from) at = write_byte(at, static_cast<unsigned char>(*from));
  return at;
}

}  // namespace

/// Checks and copies eight bytes at a time; where fewer are left, the last eight again.
char* write_json(char* at, std::string_view text) {
  *at++ = '"';
  const char* from = text.data();
  const char* const end = from + text.size();
  bool plain = true;  // so far
  std::uint64_t word = 0;
  for (; end - from >= 8; from += 8) {
    std::memcpy(&word, from, 8);
    if (needs_escape(word)) {
      plain = false;
      at = write_bytes(at, from, from + 8);
    } else {
      std::memcpy(at, &word, 8);
      at += 8;
    }
  }
  const auto left = static_cast<std::size_t>(end - from);
  if (left > 0 && plain && text.size() >= 8) {
    std::memcpy(&word, end - 8, 8);
    plain = !needs_escape(word);
    if (plain) std::memcpy(at + left - 8, &word, 8);
    at = plain ? at + left : write_bytes(at, from, end);
  } else {
    at = write_bytes(at, from, end);
  }
  *at++ = '"';
  return at;
}

void gathering::put_long(std::string_view text) {
  flush();
  if (text.size() > room())
    to_.append(text);
  else
    put(text);
}

void gathering::put_long_json(std::string_view text) {
  flush();
  append_json_string(to_, text);
}

}  // namespace spaces::record
