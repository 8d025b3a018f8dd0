#include "platform/record/json_string.hpp"

#include <cstring>

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

/// Checks and copies eight bytes at a time; where fewer are left, the last eight again.
char* write_escaped(char* at, std::string_view text) {
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
  return at;
}

/// So much of a long text is escaped at a time, beside the string, which a byte at a time would cost several
/// times what copying does.
constexpr std::size_t part_bytes = 256;

}  // namespace

char* write_json(char* at, std::string_view text) {
  *at++ = '"';
  at = write_escaped(at, text);
  *at++ = '"';
  return at;
}

void append_json_string(std::string& out, std::string_view text) {
  char room[6 * part_bytes + sizeof(std::uint64_t)];
  out += '"';
  while (!text.empty()) {
    const std::string_view part = text.substr(0, part_bytes);
    out.append(room, write_escaped(room, part));
    text.remove_prefix(part.size());
  }
  out += '"';
}

}  // namespace spaces::record
