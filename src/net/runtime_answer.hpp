/// Frames the Runtime API's answers: finds where one ends and what it says. Strict where two readings
/// would be possible; what it cannot read ends the connection.
#pragma once

#include "base/limits.hpp"
#include "net/chunked_body.hpp"
#include "net/request_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::net {

class runtime_answer {
 public:
  enum class progress : std::uint8_t { more, complete, refused };

  runtime_answer();
  /// Goes on with the answer that begins at the buffer's first byte. A chunked body is decoded in place.
  progress advance(std::string& buffer);
  /// No byte will follow. True when that completes an answer whose end is the connection's.
  bool end(const std::string& buffer);
  void reset();

  bool head_complete() const { return head_size_ > 0; }
  int status() const { return status_; }
  /// Of the first field of this name, which is in lower case; empty when absent.
  std::string_view field(std::string_view lower) const;
  std::string_view body(const std::string& buffer) const;
  /// The connection may carry another answer behind this one. Said of a complete answer.
  bool keep_alive() const { return keep_alive_; }

 private:
  progress read_head(const std::string& buffer);
  bool take_status_line(std::string_view line);
  bool take_field(std::string_view line);
  progress finish(const std::string& buffer, std::size_t raw_end);

  framing_limits bounds_;
  std::vector<std::pair<std::string, std::string>> fields_;
  chunked_body chunks_;
  std::size_t head_size_ = 0;
  std::size_t body_size_ = 0;
  int status_ = 0;
  bool has_length_ = false;
  bool chunked_ = false;
  bool keep_alive_ = false;
};

}  // namespace spaces::net
