/// Frames the answers of other people's servers: finds where one ends and what it says, or refuses it.
/// As strict as the reading of requests and with the same parts; an answer that can be read in two ways
/// would be taken for the next request's on a kept connection.
#pragma once

#include "platform/http/client.hpp"
#include "platform/net/chunked_body.hpp"
#include "platform/net/request_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::net {

/// Refused, beside what the grammar itself excludes: a version other than HTTP/1.0 and HTTP/1.1, a switch of
/// protocols, lengths that contradict each other, a transfer coding that is not chunked, anything over its bound.
class response_parser {
 public:
  explicit response_parser(const framing_limits& bounds) : bounds_(bounds) { lines_.reserve(lines_usual); }

  enum class progress : std::uint8_t { more, complete, refused };

  /// Ready for the next answer; `bodiless`: to HEAD.
  void reset(bool bodiless);

  /// Goes on with the answer that begins at data[0] and of which `size` bytes have come so far. A chunked
  /// body is decoded in place. Interim answers (1xx) are passed over.
  progress advance(char* data, std::size_t size);
  /// The server has ended the connection: complete where that is how the body ends.
  progress end(std::size_t size);

  /// The head is whole, whatever became of the body: status and fields may be asked for.
  bool head_complete() const { return head_size_ > 0; }
  int status() const { return status_; }
  /// The value of the first field of this name, which is in lower case; empty when absent.
  std::string_view field(const char* data, std::string_view lower) const;
  /// Of a complete answer.
  std::string_view body(const char* data) const { return {data + head_size_, body_size_}; }
  void take(const char* data, http::client_response& out) const;
  /// Raw bytes that a complete answer took.
  std::size_t consumed() const { return chunked_ ? chunks_.raw_at() : head_size_ + body_size_; }
  /// How large the whole answer will be, as far as is known; 0 when it is not.
  std::size_t expected() const { return sized_ ? head_size_ + body_size_ : 0; }
  /// The connection may carry another answer behind this one.
  bool keep_alive() const { return keep_alive_; }
  /// Why it is refused: static text.
  std::string_view why() const { return why_; }

 private:
  /// Fields for which there is memory from the start.
  static constexpr std::size_t lines_usual = 16;

  enum class stage : std::uint8_t { status_line, fields, body, complete };
  struct line_position {
    std::uint32_t name_at, name_size, value_at, value_size;
  };

  progress refuse(std::string_view why);
  bool fail(std::string_view why);
  bool take_status_line(std::string_view line);
  bool take_field(const char* data, std::string_view line);
  bool note_field(std::string_view name, std::string_view value);
  bool finish_head();
  progress read_head(const char* data, std::size_t size);
  progress read_body(char* data, std::size_t size);

  framing_limits bounds_;
  std::size_t line_at_ = 0;
  std::size_t scanned_ = 0;
  std::size_t head_at_ = 0;  ///< behind the interim answers
  std::size_t head_size_ = 0;
  std::size_t body_size_ = 0;
  std::string_view why_;
  stage stage_ = stage::status_line;
  int status_ = 0;
  bool bodiless_ = false;
  bool keep_alive_ = false;
  bool has_length_ = false;
  bool chunked_ = false;
  bool sized_ = false;  ///< the head said how long the body is
  std::vector<line_position> lines_;
  chunked_body chunks_;
};

}  // namespace spaces::net
