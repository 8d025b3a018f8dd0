#include "platform/record/json_reader.hpp"

#include "platform/base/text.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace spaces::record {

namespace {

constexpr std::uint64_t every_byte(std::uint8_t value) { return 0x0101010101010101ull * value; }

/// The top bit of each byte of the eight that is a quote, a backslash, a control or not ASCII. Behind the first of
/// them others may be marked for nothing: a borrow goes on from it.
std::uint64_t specials(std::uint64_t word) {
  const auto below = [](std::uint64_t bytes, std::uint8_t bound) { return (bytes - every_byte(bound)) & ~bytes; };
  const std::uint64_t found =
      below(word, 0x20) | below(word ^ every_byte('"'), 1) | below(word ^ every_byte('\\'), 1) | word;
  return found & every_byte(0x80);
}

/// How many bytes at the front are plain ASCII, as far as that shows in words of eight bytes.
std::size_t plain_words(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if (const std::uint64_t found = specials(word)) return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
  }
  return at;
}

/// How many bytes at the front are a string's plain characters: no quote, no backslash, no control.
std::size_t plain_prefix(std::string_view text, bool& ascii) {
  std::size_t at = 0;
  while (at < text.size()) {
    at += plain_words(text.substr(at));
    // Here stands what stopped it, or one of the last seven bytes.
    for (; at < text.size(); ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (byte < 0x20 || byte == '"' || byte == '\\') return at;
      if (byte < 0x80 && text.size() - at >= 8) break;
      ascii = ascii && byte < 0x80;
    }
  }
  return at;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, unsigned code) {
  const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xE0 | code >> 12);
    } else {
      byte(0xF0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3F));
    }
    byte(0x80 | (code >> 6 & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

}  // namespace

char json_reader::peek_behind_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return failed_ ? '\0' : c;
    ++at_;
  }
  return '\0';
}

bool json_reader::take(char wanted) {
  if (peek() != wanted) {
    failed_ = true;
    return false;
  }
  ++at_;
  return true;
}

bool json_reader::take_word(std::string_view word) {
  if (failed_ || !text_.substr(at_).starts_with(word)) {
    failed_ = true;
    return false;
  }
  at_ += word.size();
  return true;
}

bool json_reader::ended() { return peek() == '\0' && at_ == text_.size() && !failed_; }

json_kind json_reader::next() {
  switch (const char c = peek()) {
    case '{': return json_kind::object;
    case '[': return json_kind::array;
    case '"': return json_kind::string;
    case 't':
    case 'f': return json_kind::boolean;
    default: return c == '-' || is_digit(c) ? json_kind::number : json_kind::null;
  }
}

bool json_reader::step(bool first, char open, char close) {
  if (first) {
    if (!take(open)) return false;
    if (++depth_ > limits::json_depth_max) {
      failed_ = true;
      return false;
    }
  }
  if (peek() == close) {
    ++at_;
    --depth_;
    return false;
  }
  if (first) return true;
  if (take(',') && peek() == close) failed_ = true;
  return !failed_;
}

bool json_reader::next_member(bool first, std::string_view& name, std::string& buffer) {
  if (!step(first, '{', '}')) return false;
  name = string(buffer);
  return take(':');
}

bool json_reader::next_element(bool first) { return step(first, '[', ']'); }

std::string_view json_reader::string(std::string& buffer) {
  if (!take('"')) return {};
  bool ascii = true;
  const std::string_view rest = text_.substr(at_);
  std::string_view found = rest.substr(0, plain_prefix(rest, ascii));
  at_ += found.size();
  if (at_ < text_.size() && text_[at_] == '\\') {
    buffer.assign(found);
    failed_ = !unescape(buffer);
    found = buffer;
    ascii = false;
  }
  const bool closed = at_ < text_.size() && text_[at_] == '"';
  if (failed_ || !closed || (!ascii && !is_utf8(found))) {
    failed_ = true;
    return {};
  }
  ++at_;
  return found;
}

/// From the first backslash up to the closing quote.
bool json_reader::unescape(std::string& out) {
  static constexpr std::string_view letters = "\"\\/bfnrt";
  static constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  while (at_ < text_.size() && text_[at_] != '"') {
    const char c = text_[at_++];
    if (c != '\\') {
      if (static_cast<unsigned char>(c) < 0x20) return false;
      out += c;
      continue;
    }
    const char letter = at_ < text_.size() ? text_[at_++] : '\0';
    if (const std::size_t which = letters.find(letter); which != std::string_view::npos) {
      out += meant[which];
      continue;
    }
    const auto code = letter == 'u' ? code_point() : std::nullopt;
    if (!code) return false;
    append_utf8(out, *code);
  }
  return true;
}

/// Behind the u of an escape; of a pair of surrogates both.
std::optional<unsigned> json_reader::code_point() {
  const auto first = hex4();
  if (!first || *first < 0xD800 || *first >= 0xE000) return first;
  if (*first >= 0xDC00 || !text_.substr(at_).starts_with("\\u")) return std::nullopt;
  at_ += 2;
  const auto second = hex4();
  if (!second || *second < 0xDC00 || *second >= 0xE000) return std::nullopt;
  return 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00);
}

std::optional<unsigned> json_reader::hex4() {
  if (text_.size() - at_ < 4) return std::nullopt;
  unsigned code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text_[at_++];
    const char lower = static_cast<char>(c | 0x20);
    if (is_digit(c))
      code = code << 4 | static_cast<unsigned>(c - '0');
    else if (lower >= 'a' && lower <= 'f')
      code = code << 4 | static_cast<unsigned>(lower - 'a' + 10);
    else
      return std::nullopt;
  }
  return code;
}

std::string_view json_reader::number() {
  if (next() != json_kind::number) {
    failed_ = true;
    return {};
  }
  const std::size_t begin = at_;
  const auto digits = [&] {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > from;
  };
  const auto any_of = [&](std::string_view these) {
    if (at_ >= text_.size() || these.find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  };
  any_of("-");
  const std::size_t whole = at_;
  bool well = digits() && (text_[whole] != '0' || at_ - whole == 1);
  if (well && any_of(".")) well = digits();
  if (well && any_of("eE")) {
    any_of("+-");
    well = digits();
  }
  if (!well) {
    failed_ = true;
    return {};
  }
  return text_.substr(begin, at_ - begin);
}

bool json_reader::boolean() {
  if (peek() == 't') return take_word("true");
  take_word("false");
  return false;
}

void json_reader::skip() {
  std::string buffer;
  switch (next()) {
    case json_kind::object: return object([this](std::string_view) { skip(); });
    case json_kind::array: return array([this] { skip(); });
    case json_kind::string: string(buffer); return;
    case json_kind::number: number(); return;
    case json_kind::boolean: boolean(); return;
    case json_kind::null: take_word("null"); return;
  }
}

std::string_view json_reader::raw() {
  peek();  // steps over white space
  const std::size_t begin = at_;
  skip();
  return failed_ ? std::string_view() : text_.substr(begin, at_ - begin);
}

}  // namespace spaces::record
