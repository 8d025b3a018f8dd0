/// The chunked transfer coding (RFC 9112, 7.1), decoded where it lies in the receive buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spaces::net {

struct framing_limits;

/// Why a message is refused: a status and a sentence for the client. No status: it is not.
struct parse_error {
  int status = 0;
  std::string_view detail;  ///< static text

  explicit operator bool() const { return status != 0; }
};

/// Plain hexadecimal sizes of at most 16 digits, extensions read by the grammar and bounded, trailer lines
/// checked and dropped. Fed with any cut of the same bytes it says the same.
class chunked_body {
 public:
  /// The first size line begins at `at`; the decoded body will begin there too.
  void start(std::size_t at);

  enum class progress : std::uint8_t { more, complete, refused };

  /// Goes on with the message at `data`, of which `size` bytes have come. Decoded bytes move to the
  /// front; what stands behind `raw_at()` is untouched.
  progress advance(char* data, std::size_t size, const framing_limits& bounds);

  /// Closes the gap between the decoded body and what is not decoded yet; the message's new size.
  std::size_t squeeze(char* data, std::size_t size);

  std::size_t raw_at() const { return raw_at_; }
  std::size_t body_end() const { return body_end_; }
  parse_error why() const { return why_; }

 private:
  enum class stage : std::uint8_t { size_line, data, data_end, trailer, complete };

  progress refuse(int status, std::string_view detail);
  progress read_size_line(const char* data, std::size_t size, const framing_limits& bounds);
  progress read_data(char* data, std::size_t size);
  progress read_data_end(const char* data, std::size_t size);
  progress read_trailer(const char* data, std::size_t size, const framing_limits& bounds);

  std::size_t raw_at_ = 0;   ///< the first byte that is not decoded yet
  std::size_t scanned_ = 0;  ///< no line end before it
  std::size_t body_at_ = 0;
  std::size_t body_end_ = 0;
  std::size_t left_ = 0;  ///< of the chunk's data
  std::size_t trailer_bytes_ = 0;
  stage stage_ = stage::size_line;
  parse_error why_;
};

}  // namespace spaces::net
