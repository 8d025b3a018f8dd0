#include "platform/net/chunked_body.hpp"

#include "platform/net/request_parser.hpp"
#include "platform/net/request_syntax.hpp"

#include <algorithm>
#include <cstring>

namespace spaces::net {
namespace {

/// 64 bits. Longer sizes overflow, or are zeros that nobody needs.
constexpr std::size_t size_digits_max = 16;

/// Length of a quoted-string (RFC 9110, 5.6.4) at the front of `text`; 0 when it is not one.
std::size_t quoted_length(std::string_view text) {
  if (text.empty() || text.front() != '"') return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return 0;
}

std::string_view without_blanks_before(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

/// *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ): RFC 9112, 7.1.1.
bool are_extensions(std::string_view text) {
  if (!is_field_value(text)) return false;
  while (!text.empty()) {
    text = without_blanks_before(text);
    if (text.empty() || text.front() != ';') return false;
    text = without_blanks_before(text.substr(1));
    const std::size_t name = token_length(text);
    if (name == 0) return false;
    text.remove_prefix(name);
    const std::string_view behind = without_blanks_before(text);
    if (behind.empty() || behind.front() != '=') continue;
    text = without_blanks_before(behind.substr(1));
    const std::size_t value = std::max(token_length(text), quoted_length(text));
    if (value == 0) return false;
    text.remove_prefix(value);
  }
  return true;
}

}  // namespace

void chunked_body::start(std::size_t at) {
  *this = chunked_body{};
  raw_at_ = scanned_ = body_at_ = body_end_ = at;
}

chunked_body::progress chunked_body::refuse(int status, std::string_view detail) {
  why_ = {status, detail};
  return progress::refused;
}

chunked_body::progress chunked_body::advance(char* data, std::size_t size, const framing_limits& bounds) {
  while (stage_ != stage::complete) {
    const stage before = stage_;
    const std::size_t raw_before = raw_at_;
    progress outcome = progress::more;
    switch (stage_) {
      case stage::size_line: outcome = read_size_line(data, size, bounds); break;
      case stage::data: outcome = read_data(data, size); break;
      case stage::data_end: outcome = read_data_end(data, size); break;
      case stage::trailer: outcome = read_trailer(data, size, bounds); break;
      case stage::complete: break;
    }
    if (outcome == progress::refused) return outcome;
    if (stage_ == before && raw_at_ == raw_before) return progress::more;
  }
  return progress::complete;
}

chunked_body::progress chunked_body::read_size_line(const char* data, std::size_t size, const framing_limits& bounds) {
  const std::size_t line_max = size_digits_max + bounds.chunk_extension_bytes + 2;
  const std::size_t end = std::min(size, raw_at_ + line_max);
  const void* found = end > scanned_ ? std::memchr(data + scanned_, '\n', end - scanned_) : nullptr;
  if (found == nullptr) {
    scanned_ = std::max(scanned_, end);
    if (end - raw_at_ == line_max) return refuse(400, "A chunk's size line is too long.");
    return progress::more;
  }
  const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - data);
  std::string_view line(data + raw_at_, line_end - raw_at_);
  if (!line.ends_with('\r')) return refuse(400, "A line ends without CR.");
  line.remove_suffix(1);

  std::uint64_t length = 0;
  std::size_t digits = 0;
  for (; digits < line.size() && hex_value(line[digits]) >= 0; ++digits) {
    if (digits == size_digits_max) return refuse(400, "A chunk's size has too many digits.");
    length = length * 16 + static_cast<std::uint64_t>(hex_value(line[digits]));
  }
  const std::string_view extensions = line.substr(digits);
  if (digits == 0) return refuse(400, "A chunk's size is not a hexadecimal number.");
  if (extensions.size() > bounds.chunk_extension_bytes) return refuse(400, "A chunk's extensions are too long.");
  if (!are_extensions(extensions)) return refuse(400, "A chunk's size line is malformed.");
  if (length > bounds.body_bytes - (body_end_ - body_at_)) return refuse(413, "The body is too large.");

  raw_at_ = scanned_ = line_end + 1;
  left_ = static_cast<std::size_t>(length);
  stage_ = length == 0 ? stage::trailer : stage::data;
  return progress::more;
}

chunked_body::progress chunked_body::read_data(char* data, std::size_t size) {
  const std::size_t here = std::min(left_, size - raw_at_);
  if (body_end_ != raw_at_) std::memmove(data + body_end_, data + raw_at_, here);
  body_end_ += here;
  raw_at_ += here;
  left_ -= here;
  if (left_ == 0) stage_ = stage::data_end;
  return progress::more;
}

chunked_body::progress chunked_body::read_data_end(const char* data, std::size_t size) {
  const std::string_view rest(data + raw_at_, size - raw_at_);
  const std::string_view expected = "\r\n";
  if (rest.substr(0, 2) != expected.substr(0, std::min<std::size_t>(rest.size(), 2)))
    return refuse(400, "A chunk is longer than its size says.");
  if (rest.size() < 2) return progress::more;
  raw_at_ += 2;
  scanned_ = raw_at_;
  stage_ = stage::size_line;
  return progress::more;
}

chunked_body::progress chunked_body::read_trailer(const char* data, std::size_t size, const framing_limits& bounds) {
  const std::size_t left = bounds.trailer_bytes - trailer_bytes_;
  const std::size_t end = std::min(size, raw_at_ + left);
  const void* found = end > scanned_ ? std::memchr(data + scanned_, '\n', end - scanned_) : nullptr;
  if (found == nullptr) {
    scanned_ = std::max(scanned_, end);
    if (end - raw_at_ == left) return refuse(431, "The trailer section is too long.");
    return progress::more;
  }
  const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - data);
  std::string_view line(data + raw_at_, line_end - raw_at_);
  if (!line.ends_with('\r')) return refuse(400, "A line ends without CR.");
  line.remove_suffix(1);
  trailer_bytes_ += line_end + 1 - raw_at_;
  raw_at_ = scanned_ = line_end + 1;
  if (line.empty()) {
    stage_ = stage::complete;
    return progress::complete;
  }
  const std::size_t name = token_length(line);
  if (name == 0 || name == line.size() || line[name] != ':' || !is_field_value(line.substr(name + 1)))
    return refuse(400, "A trailer line is malformed.");
  return progress::more;
}

std::size_t chunked_body::squeeze(char* data, std::size_t size) {
  const std::size_t gap = raw_at_ - body_end_;
  if (gap == 0) return size;
  std::memmove(data + body_end_, data + raw_at_, size - raw_at_);
  raw_at_ -= gap;
  scanned_ -= gap;
  return size - gap;
}

}  // namespace spaces::net
