/// Files of listings taken apart, row by row, as a stream: memory does not grow with the file. CSV as
/// RFC 4180 has it (csv_reader.cpp) and JSON Lines (json_lines_reader.cpp) look the same from here on.
#pragma once

#include "platform/base/error.hpp"
#include "platform/record/json.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// One row, all its lines together. The longest listing (20,000 characters of description in four
/// bytes each, features, quotes doubled) takes a quarter. A longer one is an error of that row.
inline constexpr std::size_t row_bytes_max = 1024 * 1024;
/// Columns of a file, of JSON Lines all keys met so far. The RESO Data Dictionary has 900 for a property.
inline constexpr std::size_t columns_max = 2000;

/// One value of a row.
struct cell {
  enum class kind : std::uint8_t {
    absent,   ///< no such key, or nothing between the commas
    cleared,  ///< null
    text,     ///< also numbers and flags, as they are spelt; "" of CSV is an empty text
    json,     ///< an array or object, in `json`
  };
  kind is = kind::absent;
  std::string_view text;
  const record::json_value* json = nullptr;
  bool number = false;  ///< a number of JSON, which has one reading

  static cell of(std::string_view text) { return {kind::text, text, nullptr}; }
};

/// A row and where it stands; views that live until the next one is read.
struct source_row {
  std::size_t line = 0;     ///< number of its first line, from 1
  std::vector<cell> cells;  ///< in the order of the columns; those behind the last are absent
  std::string parse_error;  ///< why it cannot be read; then `cells` is empty
  std::string_view text;    ///< the row as it stands in the file, or its beginning
};

class row_source {
 public:
  row_source() = default;
  row_source(const row_source&) = delete;
  row_source& operator=(const row_source&) = delete;
  virtual ~row_source() = default;

  /// Names of the columns, trimmed. Of CSV the first row's cells, known once `open` is done; of JSON
  /// Lines the keys of the rows so far: the list grows.
  virtual const std::vector<std::string>& columns() const = 0;
  /// Reads as much as tells the columns. `malformed` when the file has none or they are not distinct.
  virtual result<void> open() = 0;
  /// The next row, or false at the end. Errors are the bytes' own: a disk that fails.
  virtual result<bool> next(source_row& row) = 0;
  /// Bytes of the file taken so far.
  virtual std::uint64_t bytes_read() const = 0;
  /// True when rows are told by their cells, false when by their text.
  virtual bool tabular() const = 0;
};

/// Puts up to `into.size()` bytes into `into` and returns how many; 0 at the end.
using byte_source = std::function<result<std::size_t>(std::span<char> into)>;

std::unique_ptr<row_source> read_csv(byte_source bytes);
std::unique_ptr<row_source> read_json_lines(byte_source bytes);

}  // namespace spaces::properties
