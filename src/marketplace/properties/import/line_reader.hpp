/// Lines of a stream of bytes: by LF, CRLF or CR, as spreadsheets of all ages write them.
#pragma once

#include "marketplace/properties/import/row_source.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

struct text_line {
  std::string_view text;   ///< with its end
  std::size_t number = 0;  ///< from 1
  bool cut = false;        ///< it is longer than `row_bytes_max`; the rest was passed over
};

class line_reader {
 public:
  explicit line_reader(byte_source bytes) : bytes_(std::move(bytes)) {}

  /// False at the end. The first line comes without a byte order mark; UTF-16 is `malformed`.
  result<bool> next(text_line& line);
  std::uint64_t bytes_read() const { return taken_; }

 private:
  result<bool> fill();
  result<void> look_at_start();
  result<std::size_t> find_end();
  result<void> pass_over();

  byte_source bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t lines_ = 0;
  std::uint64_t taken_ = 0;
  std::string start_;  ///< of a line that was cut
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace spaces::properties
