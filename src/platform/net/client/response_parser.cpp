#include "platform/net/client/response_parser.hpp"

#include "platform/net/request_syntax.hpp"

#include <algorithm>
#include <cstring>

namespace spaces::net {

void response_parser::reset(bool bodiless) {
  line_at_ = scanned_ = head_at_ = head_size_ = body_size_ = 0;
  why_ = {};
  stage_ = stage::status_line;
  status_ = 0;
  bodiless_ = bodiless;
  keep_alive_ = has_length_ = chunked_ = sized_ = false;
  lines_.clear();
}

response_parser::progress response_parser::refuse(std::string_view why) {
  why_ = why;
  return progress::refused;
}

bool response_parser::fail(std::string_view why) {
  why_ = why;
  return false;
}

response_parser::progress response_parser::advance(char* data, std::size_t size) {
  if (!why_.empty()) return progress::refused;
  if (stage_ < stage::body) {
    const progress head = read_head(data, size);
    if (head != progress::complete) return head;
  }
  return stage_ == stage::complete ? progress::complete : read_body(data, size);
}

response_parser::progress response_parser::read_head(const char* data, std::size_t size) {
  while (true) {
    const std::size_t end = std::min(size, head_at_ + bounds_.header_bytes);
    const void* found = end > scanned_ ? std::memchr(data + scanned_, '\n', end - scanned_) : nullptr;
    if (found == nullptr) {
      scanned_ = std::max(scanned_, end);
      if (end == head_at_ + bounds_.header_bytes) return refuse("its header section is too long");
      // Garbage without a line end is seen immediately.
      constexpr std::string_view begins = "HTTP/1.";
      const std::string_view seen(data + line_at_, std::min(end - line_at_, begins.size()));
      if (stage_ == stage::status_line && seen != begins.substr(0, seen.size())) return refuse("it is not HTTP/1.1");
      return progress::more;
    }
    const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - data);
    std::string_view line(data + line_at_, line_end - line_at_);
    if (!line.ends_with('\r')) return refuse("a line ends without CR");
    line.remove_suffix(1);
    scanned_ = line_end + 1;
    if (stage_ == stage::status_line) {
      if (!take_status_line(line)) return progress::refused;
      stage_ = stage::fields;
    } else if (!line.empty()) {
      if (!take_field(data, line)) return progress::refused;
    } else if (status_ < 200) {
      // RFC 9110, 15.2: interim; the answer itself follows.
      const std::size_t next = scanned_;
      reset(bodiless_);
      line_at_ = scanned_ = head_at_ = next;
      if (head_at_ > bounds_.header_bytes) return refuse("it has too many interim answers");
      continue;
    } else {
      head_size_ = scanned_;
      return finish_head() ? progress::complete : progress::refused;
    }
    line_at_ = scanned_;
  }
}

bool response_parser::take_status_line(std::string_view line) {
  constexpr std::size_t least = std::string_view("HTTP/1.1 200").size();
  if (line.size() < least || !line.starts_with("HTTP/1.") || (line[7] != '0' && line[7] != '1') || line[8] != ' ')
    return fail("it is not HTTP/1.1");
  const auto code = parse_length(line.substr(9, 3));
  if (!code || *code < 100 || *code > 599 || *code == 101) return fail("it has no status that we know");
  if (line.size() > least && line[least] != ' ') return fail("its status line is malformed");
  if (!is_field_value(line)) return fail("its status line is malformed");
  status_ = static_cast<int>(*code);
  keep_alive_ = line[7] == '1';
  return true;
}

bool response_parser::take_field(const char* data, std::string_view line) {
  const std::size_t name = token_length(line);
  if (name == 0 || name == line.size() || line[name] != ':') return fail("a field line is malformed");
  const std::string_view value = trim_ows(line.substr(name + 1));
  if (!is_field_value(value)) return fail("a field's value is malformed");
  if (lines_.size() == bounds_.header_lines) return fail("it has too many fields");
  const auto at = [data](std::string_view part) { return static_cast<std::uint32_t>(part.data() - data); };
  lines_.push_back({at(line), static_cast<std::uint32_t>(name), at(value), static_cast<std::uint32_t>(value.size())});
  return note_field(line.substr(0, name), value);
}

bool response_parser::note_field(std::string_view name, std::string_view value) {
  if (same_name(name, "content-length")) {
    const auto length = parse_length(value);
    if (!length || has_length_) return fail("its Content-Length is not one number");
    if (*length > bounds_.body_bytes && !bodiless_) return fail("its body is too large");
    has_length_ = true;
    body_size_ = static_cast<std::size_t>(*length);
  } else if (same_name(name, "transfer-encoding")) {
    if (chunked_ || !same_name(value, "chunked")) return fail("it has a transfer coding that we do not know");
    chunked_ = true;
  } else if (same_name(name, "connection")) {
    // Anything but the one word that changes nothing ends the connection: safe in every reading.
    if (!same_name(value, "keep-alive")) keep_alive_ = false;
  }
  return true;
}

bool response_parser::finish_head() {
  if (has_length_ && chunked_) return fail("it has two lengths");
  if (bodiless_ || status_ == 204 || status_ == 304) {
    body_size_ = 0;
    chunked_ = false;
    sized_ = true;
    stage_ = stage::complete;
    return true;
  }
  stage_ = stage::body;
  sized_ = has_length_;
  if (chunked_) chunks_.start(head_size_);
  if (!chunked_ && !has_length_) keep_alive_ = false;
  return true;
}

response_parser::progress response_parser::read_body(char* data, std::size_t size) {
  if (chunked_) {
    switch (chunks_.advance(data, size, bounds_)) {
      case chunked_body::progress::more: return progress::more;
      case chunked_body::progress::refused: return refuse(chunks_.why().detail);
      case chunked_body::progress::complete: break;
    }
    body_size_ = chunks_.body_end() - head_size_;
  } else if (sized_) {
    if (size - head_size_ < body_size_) return progress::more;
  } else {
    return size - head_size_ > bounds_.body_bytes ? refuse("its body is too large") : progress::more;
  }
  stage_ = stage::complete;
  return progress::complete;
}

response_parser::progress response_parser::end(std::size_t size) {
  if (stage_ != stage::body || chunked_ || sized_) return refuse("the connection ended within it");
  body_size_ = size - head_size_;
  stage_ = stage::complete;
  return progress::complete;
}

std::string_view response_parser::field(const char* data, std::string_view lower) const {
  for (const line_position& line : lines_)
    if (same_name({data + line.name_at, line.name_size}, lower)) return {data + line.value_at, line.value_size};
  return {};
}

void response_parser::take(const char* data, http::client_response& out) const {
  out.status = status_;
  out.fields.reserve(lines_.size());
  for (const line_position& line : lines_)
    out.fields.emplace_back(std::string_view(data + line.name_at, line.name_size),
                            std::string_view(data + line.value_at, line.value_size));
  out.body.assign(data + head_size_, body_size_);
}

}  // namespace spaces::net
