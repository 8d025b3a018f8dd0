#include "platform/net/request_parser.hpp"

#include "platform/net/request_syntax.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace spaces::net {

request_parser::request_parser(const framing_limits& bounds) : bounds_(bounds) {
  assert(bounds.header_bytes <= 0xffff && bounds.header_lines <= limits::header_lines_max);
}

void request_parser::reset() {
  line_at_ = scanned_ = head_size_ = body_size_ = lines_ = 0;
  content_length_ = 0;
  why_ = {};
  stage_ = stage::before;
  verb_ = http::method::get;
  hosts_ = origins_ = host_line_ = 0;
  old_version_ = has_length_ = chunked_ = held_ = wants_close_ = wants_keep_alive_ = false;
  expects_continue_ = expects_other_ = bare_target_ = false;
  target_ = origin_ = {};
}

request_parser::progress request_parser::refuse(int status, std::string_view detail) {
  why_ = {status, detail};
  return progress::refused;
}

bool request_parser::fail(int status, std::string_view detail) {
  why_ = {status, detail};
  return false;
}

request_parser::progress request_parser::advance(char* data, std::size_t size) {
  if (why_) return progress::refused;
  if (stage_ == stage::before && !skip_empty_line(data, size)) return why_ ? progress::refused : progress::more;
  if (stage_ < stage::body) {
    const progress head = read_head(data, size);
    if (head != progress::complete) return head;
  }
  if (stage_ == stage::complete) return progress::complete;
  if (const progress begun = begin_body(); begun != progress::complete) return begun;
  return read_body(data, size);
}

/// `complete`: the body may be read.
request_parser::progress request_parser::begin_body() {
  if (bounds_.announce_bodies && !held_) return progress::announced;
  if (chunked_ || content_length_ == body_size_) return progress::complete;
  if (content_length_ > bounds_.body_bytes) return refuse(413, "The body is too large.");
  body_size_ = static_cast<std::size_t>(content_length_);
  return progress::complete;
}

/// RFC 9112, 2.2: one empty line before the request line is let pass. False when there is nothing yet
/// behind it.
bool request_parser::skip_empty_line(const char* data, std::size_t size) {
  if (line_at_ == 0 && size > 0 && data[0] == '\r') {
    if (size == 1) return false;
    if (data[1] != '\n') return fail(400, "A CR stands alone.");
    line_at_ = scanned_ = 2;
  }
  if (size <= line_at_) return false;
  // Seen immediately, so that a TLS handshake need not wait for a line end that never comes.
  if (const char first = data[line_at_]; first < 'A' || first > 'Z')
    return fail(400, "A request begins with a method in capitals.");
  stage_ = stage::request_line;
  return true;
}

request_parser::progress request_parser::read_head(char* data, std::size_t size) {
  const std::size_t end = std::min(size, bounds_.header_bytes);
  while (true) {
    const void* found = end > scanned_ ? std::memchr(data + scanned_, '\n', end - scanned_) : nullptr;
    if (found == nullptr) {
      scanned_ = std::max(scanned_, end);
      return end == bounds_.header_bytes ? refuse_long_head({data, end}) : progress::more;
    }
    const auto line_end = static_cast<std::size_t>(static_cast<const char*>(found) - data);
    std::string_view line(data + line_at_, line_end - line_at_);
    if (!line.ends_with('\r')) return refuse(400, "A line ends without CR.");
    line.remove_suffix(1);
    scanned_ = line_end + 1;
    if (stage_ == stage::request_line) {
      if (!take_request_line(data, line)) return progress::refused;
      stage_ = stage::fields;
    } else if (line.empty()) {
      head_size_ = scanned_;
      if (!finish_head(data)) return progress::refused;
      stage_ = stage::body;
      if (chunked_) chunks_.start(head_size_);
      if (!chunked_ && content_length_ == 0) stage_ = stage::complete;
      return progress::complete;
    } else if (!take_field(data, line)) {
      return progress::refused;
    }
    line_at_ = scanned_;
  }
}

/// Which part made the header section too long decides what the client is told.
request_parser::progress request_parser::refuse_long_head(std::string_view head) {
  if (stage_ == stage::request_line) {
    const std::string_view line = head.substr(line_at_);
    const std::size_t space = line.find(' ');
    if (space != std::string_view::npos &&
        std::min(line.find(' ', space + 1), line.size()) - space - 1 > bounds_.target_bytes)
      return refuse(414, "The target is too long.");
  }
  return refuse(431, "The header section is too long.");
}

request_parser::progress request_parser::read_body(char* data, std::size_t size) {
  if (!chunked_) {
    if (size - head_size_ < body_size_) return progress::more;
    stage_ = stage::complete;
    return progress::complete;
  }
  switch (chunks_.advance(data, size, bounds_)) {
    case chunked_body::progress::more: return progress::more;
    case chunked_body::progress::refused: why_ = chunks_.why(); return progress::refused;
    case chunked_body::progress::complete: break;
  }
  body_size_ = chunks_.body_end() - head_size_;
  stage_ = stage::complete;
  return progress::complete;
}

std::size_t request_parser::body_received(std::size_t size) const {
  if (!head_complete()) return 0;
  return chunked_ ? chunks_.body_end() - head_size_ : std::min(size - head_size_, body_size_);
}

request_parser::span16 request_parser::position(const char* data, std::string_view part) const {
  return {static_cast<std::uint16_t>(part.data() - data), static_cast<std::uint16_t>(part.size())};
}

bool request_parser::take_request_line(const char* data, std::string_view line) {
  const auto parts = split_request_line(line);
  if (!parts || !is_version(parts->version) || !is_token(parts->method))
    return fail(400, "The request line is malformed.");
  if (!parts->version.starts_with("HTTP/1.")) return fail(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
  const auto verb = find_method(parts->method);
  if (!verb && !is_foreign_method(parts->method)) return fail(400, "A method is written in capitals.");
  if (!verb) return fail(501, "This method is not known here.");
  if (parts->target.size() > bounds_.target_bytes) return fail(414, "The target is too long.");
  verb_ = *verb;
  old_version_ = parts->version == "HTTP/1.0";
  target_ = position(data, parts->target);
  const char first = parts->target.front();
  // Absolute form is looked at when the Host is known, whose place it takes.
  if (first == '/' ? !is_origin_form(parts->target)
                   : first == '*' && (parts->target.size() > 1 || verb_ != http::method::options))
    return fail(400, "The target is malformed.");
  return true;
}

bool request_parser::take_field(const char* data, std::string_view line) {
  if (lines_ == bounds_.header_lines) return fail(431, "There are too many header lines.");
  const std::size_t colon = token_length(line);
  if (colon == 0 || colon == line.size() || line[colon] != ':' || !is_field_value(line.substr(colon + 1)))
    return fail(400, "A header line is malformed.");
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim_ows(line.substr(colon + 1));
  positions_[lines_++] = {position(data, name), position(data, value)};
  return note_field(data, name, value);
}

/// The fields that framing itself depends on.
bool request_parser::note_field(const char* data, std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 4:
      if (!same_name(name, "host")) return true;
      if (hosts_++ > 0 || !is_host(value)) return fail(400, "One well-formed Host field is needed.");
      host_line_ = static_cast<std::uint8_t>(lines_ - 1);
      return true;
    case 6:
      if (same_name(name, "origin")) {
        origin_ = position(data, value);
        if (origins_ < 2) ++origins_;
        return true;
      }
      if (!same_name(name, "expect")) return true;
      (same_name(value, "100-continue") ? expects_continue_ : expects_other_) = true;
      return true;
    case 10: return !same_name(name, "connection") || take_connection(value);
    case 14: {
      if (!looks_like(name, "content-length")) return true;
      const auto length = parse_length(value);
      if (!same_name(name, "content-length") || has_length_ || !length)
        return fail(400, "Content-Length is one line of decimal digits.");
      has_length_ = true;
      content_length_ = *length;
      return true;
    }
    case 17:
      if (!looks_like(name, "transfer-encoding")) return true;
      if (!same_name(name, "transfer-encoding") || chunked_) return fail(400, "Transfer-Encoding is one line.");
      return take_transfer_encoding(value);
    default: return true;
  }
}

/// Only `chunked` is accepted. What else is a list of codings with chunked once and last, or without
/// it, is unknown to us (RFC 9112, 6.1); anything else leaves the end of the body unclear (6.3).
bool request_parser::take_transfer_encoding(std::string_view value) {
  if (same_name(value, "chunked")) return chunked_ = true;
  constexpr std::string_view detail = "The only transfer coding is chunked.";
  bool was_chunked = false;
  for (std::string_view rest = value;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view coding = trim_ows(rest.substr(0, comma));
    if (!is_token(coding) || was_chunked) return fail(400, detail);
    was_chunked = same_name(coding, "chunked");
    if (comma == std::string_view::npos) return fail(501, detail);
    rest.remove_prefix(comma + 1);
  }
}

/// A list of tokens; empty elements are let pass (RFC 9110, 5.6.1.2).
bool request_parser::take_connection(std::string_view value) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view option = trim_ows(value.substr(0, comma));
    if (!option.empty() && !is_token(option)) return fail(400, "Connection is a list of names.");
    if (same_name(option, "close")) wants_close_ = true;
    if (same_name(option, "keep-alive")) wants_keep_alive_ = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return true;
}

bool request_parser::finish_head(char* data) {
  if (hosts_ == 0 && !old_version_) return fail(400, "One well-formed Host field is needed.");
  if (chunked_ && has_length_) return fail(400, "Transfer-Encoding and Content-Length exclude each other.");
  if (chunked_ && old_version_) return fail(400, "HTTP/1.0 has no Transfer-Encoding.");
  if (!finish_target(data)) return fail(400, "The target is malformed.");
  if (expects_other_ && !old_version_) return fail(417, "The only expectation met here is 100-continue.");
  return true;
}

/// Brings every form to origin form, in the one spelling of its path.
bool request_parser::finish_target(char* data) {
  const char first = data[target_.at];
  if (first == '*') return true;
  if (first != '/' && !take_authority(data)) return false;
  if (bare_target_) return true;
  if (!is_origin_form(target_.of(data))) return false;
  target_.size = static_cast<std::uint16_t>(normalize_path(data + target_.at, target_.size));
  return true;
}

/// Of an absolute form: the authority takes the place of what Host says (RFC 9112, 3.2.2 and 3.3), so that nobody who
/// looks at Host behind us is fooled.
bool request_parser::take_authority(char* data) {
  const auto parts = split_absolute_form(target_.of(data));
  if (!parts || !is_host(parts->authority)) return false;
  span16 authority = position(data, parts->authority);
  target_ = position(data, parts->rest);
  bare_target_ = parts->rest.empty();
  if (!bare_target_ && parts->rest.front() == '?') {
    // "http://host?query" means "/?query" (RFC 9110, 4.2.3); the scheme's last slash gives the space.
    std::memmove(data + authority.at - 1, data + authority.at, authority.size);
    --authority.at;
    --target_.at;
    ++target_.size;
    data[target_.at] = '/';
  }
  if (hosts_ > 0) positions_[host_line_].value = authority;
  return true;
}

std::string_view request_parser::origin(const char* data, std::size_t size) const {
  if (origins_ > 0 || head_complete()) return origins_ == 1 ? origin_.of(data) : std::string_view{};
  std::string_view rest(data, std::min(size, bounds_.header_bytes));
  rest.remove_prefix(std::min(line_at_, rest.size()));
  std::string_view found;
  // The first line is the one that was refused, or is not whole.
  for (std::size_t end = rest.find("\r\n"); end != std::string_view::npos; end = rest.find("\r\n")) {
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !same_name(line.substr(0, colon), "origin")) continue;
    if (!found.empty()) return {};
    found = trim_ows(line.substr(colon + 1));
  }
  return is_field_value(found) ? found : std::string_view{};
}

void request_parser::describe(const char* data, http::request& out) {
  out.verb = verb_;
  out.target = bare_target_ ? std::string_view(verb_ == http::method::options ? "*" : "/") : target_.of(data);
  const std::size_t question = out.target.find('?');
  out.path = out.target.substr(0, question);
  out.query = question == std::string_view::npos ? std::string_view{} : out.target.substr(question + 1);
  for (std::size_t i = 0; i < lines_; ++i) fields_[i] = {positions_[i].name.of(data), positions_[i].value.of(data)};
  out.fields = {fields_.data(), lines_};
  out.body = {data + head_size_, body_size_};
}

}  // namespace spaces::net
