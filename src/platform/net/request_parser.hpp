/// Frames requests: finds where one ends and what it says, or refuses it. The one place that reads
/// bytes off the wire, so strict that no two readings of a message are possible (RFC 9112, 11.2).
///
/// Every line is judged once, when it is whole, in the order of arrival; so the outcome is the same
/// whether the bytes come together or one at a time. Positions are kept instead of pointers: the buffer
/// may move between two calls. Nothing is allocated.
#pragma once

#include "platform/http/message.hpp"
#include "platform/net/chunked_body.hpp"
#include "platform/net/limits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace spaces::net {

struct framing_limits {
  std::size_t target_bytes = limits::target_bytes_max;
  std::size_t header_bytes = limits::header_bytes_max;  ///< at most 64 KiB: positions are 16 bits wide
  std::size_t header_lines = limits::header_lines_max;  ///< at most limits::header_lines_max
  std::size_t body_bytes = limits::body_bytes_max;
  std::size_t chunk_extension_bytes = limits::chunk_extension_bytes_max;
  std::size_t trailer_bytes = limits::trailer_bytes_max;
  /// Stop behind a header section that a body follows, so that somebody decides how it is taken.
  bool announce_bodies = false;
};

/// What is refused, beside what the grammar itself excludes:
///   400  anything malformed; bare CR or LF, folded lines, space before a colon; Host absent (HTTP/1.1),
///        twice or ill-formed; a target that is neither in origin form nor in absolute form, nor `*` of
///        OPTIONS; Content-Length that is not one line of digits; Content-Length beside
///        Transfer-Encoding; Transfer-Encoding in HTTP/1.0, twice, or with `chunked` not once and last;
///        names that become those two when '_' is read as '-'
///   413  a body over its bound · 414 a target over its bound · 431 a header section over its bounds
///   417  an expectation other than 100-continue
///   501  a method in capitals that we do not know, a transfer coding that is not chunked
///   505  a major version other than 1; a minor one that is higher is read as HTTP/1.1 (RFC 9110, 2.5)
class request_parser {
 public:
  explicit request_parser(const framing_limits& bounds = {});

  enum class progress : std::uint8_t {
    more,       ///< not whole yet
    announced,  ///< the header section is whole and a body follows: `describe` gives the request without it, and
                ///< `hold_body` has the parser go on to its end. Only where bodies are announced
    complete,   ///< `describe` gives the request
    refused,    ///< `why` says with what status; nothing behind can be trusted
  };

  /// Goes on with the message that begins at data[0] and of which `size` bytes have come so far. A
  /// chunked body is decoded in place; bytes behind the message are never touched.
  progress advance(char* data, std::size_t size);

  /// Of an announced body: it is to be in the buffer as a whole, within its bound.
  void hold_body() { held_ = true; }

  /// Ready for the next message.
  void reset();

  /// A byte of a request has come; an empty line before one is none (RFC 9112, 2.2).
  bool started() const { return stage_ != stage::before; }
  bool head_complete() const { return stage_ >= stage::body; }
  std::size_t head_bytes() const { return head_size_; }
  /// What the header section says of the body: how long it is, unless it comes in chunks.
  bool chunked() const { return chunked_; }
  std::uint64_t announced_bytes() const { return content_length_; }
  /// Of the body, decoded, so far.
  std::size_t body_received(std::size_t size) const;
  /// Raw bytes that a complete message took.
  std::size_t consumed() const { return chunked_ ? chunks_.raw_at() : head_size_ + body_size_; }
  /// Makes space in a chunked message; its new size.
  std::size_t squeeze(char* data, std::size_t size) {
    return chunked_ && head_complete() ? chunks_.squeeze(data, size) : size;
  }

  /// The connection may carry another request behind this one.
  bool keep_alive() const { return old_version_ ? wants_keep_alive_ && !wants_close_ : !wants_close_; }
  /// HTTP/1.0.
  bool old_version() const { return old_version_; }
  /// The client waits for 100 (Continue) before it sends the body.
  bool expects_continue() const { return expects_continue_ && !old_version_; }
  parse_error why() const { return why_; }

  /// The Origin of a message that has come so far, or was refused: known fields count, and lines that have come but
  /// were not read any more. Empty where there is none, or more than one.
  std::string_view origin(const char* data, std::size_t size) const;

  /// Fills everything but peer and times from a complete message. The views stand as long as `data`
  /// and this parser do.
  void describe(const char* data, http::request& out);

 private:
  enum class stage : std::uint8_t { before, request_line, fields, body, complete };
  struct span16 {
    std::uint16_t at = 0;
    std::uint16_t size = 0;
    std::string_view of(const char* data) const { return {data + at, size}; }
  };
  struct line_position {
    span16 name, value;
  };

  progress refuse(int status, std::string_view detail);
  bool fail(int status, std::string_view detail);
  progress read_head(char* data, std::size_t size);
  progress begin_body();
  progress read_body(char* data, std::size_t size);
  progress refuse_long_head(std::string_view head);
  bool skip_empty_line(const char* data, std::size_t size);
  bool take_request_line(const char* data, std::string_view line);
  bool take_field(const char* data, std::string_view line);
  bool note_field(const char* data, std::string_view name, std::string_view value);
  bool take_transfer_encoding(std::string_view value);
  bool take_connection(std::string_view value);
  bool finish_head(char* data);
  bool finish_target(char* data);
  bool take_authority(char* data);
  span16 position(const char* data, std::string_view part) const;

  framing_limits bounds_;
  std::size_t line_at_ = 0;  ///< the line that is being read
  std::size_t scanned_ = 0;  ///< no line end before it
  std::size_t head_size_ = 0;
  std::size_t body_size_ = 0;
  std::uint64_t content_length_ = 0;
  parse_error why_;
  stage stage_ = stage::before;
  http::method verb_ = http::method::get;
  std::uint8_t hosts_ = 0;
  std::uint8_t origins_ = 0;
  std::uint8_t host_line_ = 0;  ///< of `positions_`
  bool old_version_ = false;
  bool has_length_ = false;
  bool chunked_ = false;
  bool held_ = false;  ///< the body is to come into the buffer
  bool wants_close_ = false;
  bool wants_keep_alive_ = false;
  bool expects_continue_ = false;
  bool expects_other_ = false;
  bool bare_target_ = false;  ///< absolute form without a path: "/" stands for it
  span16 target_;
  span16 origin_;
  std::size_t lines_ = 0;
  chunked_body chunks_;
  std::array<line_position, limits::header_lines_max> positions_;
  std::array<http::field_line, limits::header_lines_max> fields_;
};

}  // namespace spaces::net
