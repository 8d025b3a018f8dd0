#include "net/runtime_answer.hpp"

#include "base/text.hpp"
#include "net/request_syntax.hpp"

#include <algorithm>

namespace spaces::net {

runtime_answer::runtime_answer() { bounds_.body_bytes = limits::lambda_event_bytes_max; }

void runtime_answer::reset() {
  fields_.clear();
  chunks_ = {};
  head_size_ = body_size_ = 0;
  status_ = 0;
  has_length_ = chunked_ = keep_alive_ = false;
}

runtime_answer::progress runtime_answer::advance(std::string& buffer) {
  if (!head_complete()) {
    const progress head = read_head(buffer);
    if (head != progress::complete) return head;
  }
  if (chunked_) {
    switch (chunks_.advance(buffer.data(), buffer.size(), bounds_)) {
      case chunked_body::progress::more: return progress::more;
      case chunked_body::progress::refused: return progress::refused;
      case chunked_body::progress::complete: break;
    }
    body_size_ = chunks_.body_end() - head_size_;
    return finish(buffer, chunks_.raw_at());
  }
  const bool empty = status_ == 204 || status_ == 304;
  if (has_length_ || empty) {
    if (empty) body_size_ = 0;
    return buffer.size() < head_size_ + body_size_ ? progress::more : finish(buffer, head_size_ + body_size_);
  }
  return buffer.size() - head_size_ > bounds_.body_bytes ? progress::refused : progress::more;
}

bool runtime_answer::end(const std::string& buffer) {
  if (!head_complete() || has_length_ || chunked_) return false;
  body_size_ = buffer.size() - head_size_;
  keep_alive_ = false;
  return true;
}

/// We ask for one thing at a time: what follows an answer is no answer.
runtime_answer::progress runtime_answer::finish(const std::string& buffer, std::size_t raw_end) {
  return buffer.size() == raw_end ? progress::complete : progress::refused;
}

runtime_answer::progress runtime_answer::read_head(const std::string& buffer) {
  const std::string_view all = buffer;
  const std::size_t end = all.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return all.size() > limits::runtime_api_head_bytes_max ? progress::refused : progress::more;
  std::string_view block = all.substr(0, end);
  for (bool first = true; first || !block.empty(); first = false) {
    const std::size_t line_end = std::min(block.find("\r\n"), block.size());
    const std::string_view line = block.substr(0, line_end);
    if (!(first ? take_status_line(line) : take_field(line))) return progress::refused;
    block.remove_prefix(std::min(line_end + 2, block.size()));
  }
  if (has_length_ && chunked_) return progress::refused;
  head_size_ = end + 4;
  if (chunked_) chunks_.start(head_size_);
  return body_size_ > bounds_.body_bytes ? progress::refused : progress::complete;
}

/// "HTTP/1.1 200 OK"; the reason may be missing.
bool runtime_answer::take_status_line(std::string_view line) {
  if (line.size() < 12 || !is_version(line.substr(0, 8)) || line[8] != ' ' || (line.size() > 12 && line[12] != ' '))
    return false;
  const auto code = parse_length(line.substr(9, 3));
  if (!code || *code < 200 || *code > 599) return false;
  status_ = static_cast<int>(*code);
  keep_alive_ = line.starts_with("HTTP/1.1");
  return true;
}

bool runtime_answer::take_field(std::string_view line) {
  const std::size_t colon = token_length(line);
  if (colon == 0 || colon == line.size() || line[colon] != ':' || !is_field_value(line.substr(colon + 1))) return false;
  const std::string name = lower_ascii(line.substr(0, colon));
  const std::string_view value = trim_ows(line.substr(colon + 1));
  if (name == "content-length") {
    const auto length = parse_length(value);
    if (!length || has_length_) return false;
    has_length_ = true;
    body_size_ = *length;
  } else if (name == "transfer-encoding") {
    if (chunked_ || !equal_ignoring_case(value, "chunked")) return false;
    chunked_ = true;
  } else if (name == "connection" && equal_ignoring_case(value, "close")) {
    keep_alive_ = false;
  }
  fields_.emplace_back(name, value);
  return true;
}

std::string_view runtime_answer::field(std::string_view lower) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const auto& one) { return one.first == lower; });
  return found == fields_.end() ? std::string_view{} : std::string_view(found->second);
}

std::string_view runtime_answer::body(const std::string& buffer) const {
  return std::string_view(buffer).substr(head_size_, body_size_);
}

}  // namespace spaces::net
