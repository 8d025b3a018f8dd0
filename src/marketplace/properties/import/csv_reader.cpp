#include "marketplace/properties/import/line_reader.hpp"
#include "marketplace/properties/import/row_source.hpp"
#include "platform/base/text.hpp"

#include <csv.h>
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace spaces::properties {

namespace {

/// Of a row that cannot be read, for people to recognise it.
constexpr std::size_t text_bytes_kept = 200;

/// libcsv fed line by line, so that the line a row begins on is known. Strict: a quote inside a cell
/// that did not begin with one, text behind a closing quote and an open quote at the end are errors.
class csv_reader final : public row_source {
 public:
  explicit csv_reader(byte_source bytes) : lines_(std::move(bytes)) { start_parser(); }
  ~csv_reader() override { csv_free(&parser_); }

  const std::vector<std::string>& columns() const override { return columns_; }
  result<void> open() override;
  result<bool> next(source_row& row) override;
  std::uint64_t bytes_read() const override { return lines_.bytes_read(); }
  bool tabular() const override { return true; }

 private:
  struct span_of_cell {
    std::size_t begin;
    std::size_t size;
    bool absent;
  };

  void start_parser() {
    // EMPTY_IS_NULL tells an empty cell from "", which restoring an export needs.
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) != 0)
      throw std::runtime_error("the CSV parser does not start");
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter_));
  }
  void restart_parser() {
    csv_free(&parser_);
    start_parser();
  }

  void take_delimiter(std::string_view header);

  static void take_cell(void* bytes, std::size_t size, void* self) {
    auto& reader = *static_cast<csv_reader*>(self);
    reader.spans_.push_back({reader.row_bytes_.size(), size, bytes == nullptr});
    if (bytes) reader.row_bytes_.append(static_cast<const char*>(bytes), size);
  }
  static void take_row(int, void* self) { static_cast<csv_reader*>(self)->complete_ = true; }

  void begin_row(std::size_t line) {
    line_ = line;
    record_bytes_ = 0;
    row_bytes_.clear();
    spans_.clear();
    text_.clear();
    open_ = true;
    within_row_ = false;
  }
  std::string feed(const text_line& line);
  std::string_view without_excel_marks(std::string_view line, bool quoted);
  result<bool> next_record(source_row& row);
  void finish(source_row& row, std::string fault);

  line_reader lines_;
  csv_parser parser_{};
  std::vector<std::string> columns_;
  std::string row_bytes_;  ///< the cells' texts, one behind the other
  std::vector<span_of_cell> spans_;
  std::string text_;   ///< the row's beginning
  std::string plain_;  ///< a line without Excel's marks
  std::size_t line_ = 0;
  std::size_t record_bytes_ = 0;
  bool open_ = false;  ///< a row has begun and not ended
  bool complete_ = false;
  bool within_row_ = false;  ///< a line of the row was read: the next begins within quotes
  char delimiter_ = CSV_COMMA;
};

/// A header without any comma outside quotes, and with semicolons or tabs, is what spreadsheets write where the comma
/// stands before decimals.
void csv_reader::take_delimiter(std::string_view header) {
  bool quoted = false;
  std::size_t commas = 0, semicolons = 0, tabs = 0;
  for (const char c : header) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    commas += c == ',' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
    tabs += c == '\t' ? 1 : 0;
  }
  if (commas > 0 || semicolons + tabs == 0) return;
  delimiter_ = semicolons > 0 ? ';' : '\t';
  restart_parser();
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\n") == std::string_view::npos; }

/// Excel takes ="02134" for a text and strict CSV for a stray quote: the mark is dropped where a cell begins with it.
/// `quoted`: the line begins within a quoted cell.
std::string_view csv_reader::without_excel_marks(std::string_view line, bool quoted) {
  if (line.find("=\"") == std::string_view::npos) return line;
  plain_.clear();
  bool cell_begins = !quoted;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') quoted = !quoted;
    const bool mark = cell_begins && !quoted && c == '=' && line.substr(i).starts_with("=\"");
    if (!mark) plain_ += c;
    cell_begins = mark || (!quoted && (c == delimiter_ || (cell_begins && c == ' ')));
  }
  return plain_;
}

/// Gives one line to the parser. What is wrong with the row, or nothing.
std::string csv_reader::feed(const text_line& line) {
  record_bytes_ += line.text.size();
  if (text_.size() < text_bytes_kept) text_ += line.text.substr(0, text_bytes_kept - text_.size());
  if (line.cut || record_bytes_ > row_bytes_max)
    return fmt::format("is longer than {} bytes; a quote may be open", row_bytes_max);
  const std::string_view text = without_excel_marks(line.text, within_row_);
  within_row_ = true;
  const std::size_t used = csv_parse(&parser_, text.data(), text.size(), take_cell, take_row, this);
  if (used == text.size()) return {};
  if (csv_error(&parser_) != CSV_EPARSE) throw std::bad_alloc();
  return fmt::format("has a stray quote in line {}", line.number);
}

void csv_reader::finish(source_row& row, std::string fault) {
  row.line = line_;
  row.cells.clear();
  row.text = text_;
  row.parse_error = std::move(fault);
  open_ = complete_ = false;
  if (!row.parse_error.empty()) return restart_parser();
  for (const span_of_cell& one : spans_) {
    const std::string_view text = std::string_view(row_bytes_).substr(one.begin, one.size);
    row.cells.push_back(one.absent ? cell{} : cell::of(text));
  }
}

result<bool> csv_reader::next_record(source_row& row) {
  text_line line;
  for (;;) {
    const result<bool> more = lines_.next(line);
    if (!more) return more.error();
    if (!*more) break;
    if (!open_ && is_blank(line.text)) continue;
    if (!open_) begin_row(line.number);
    if (columns_.empty() && !within_row_) take_delimiter(line.text);
    std::string fault = feed(line);
    if (fault.empty() && !complete_) continue;
    finish(row, std::move(fault));
    return true;
  }
  if (!open_) return false;
  // The last line has no end, or a quote is still open.
  const bool good = csv_fini(&parser_, take_cell, take_row, this) == 0;
  finish(row, good ? "" : "has a quote that is not closed before the file ends");
  return true;
}

result<void> csv_reader::open() {
  source_row header;
  const result<bool> there = next_record(header);
  if (!there) return there.error();
  if (!*there) return malformed("The file is empty; its first row must name the columns");
  if (!header.parse_error.empty())
    return malformed("The first row, which must name the columns, " + header.parse_error);
  if (header.cells.size() > columns_max)
    return malformed(fmt::format("The file has {} columns; {} are allowed", header.cells.size(), columns_max));
  std::set<std::string_view> seen;
  columns_.reserve(header.cells.size());
  for (const cell& one : header.cells) {
    if (!is_utf8(one.text)) return malformed("The names of the columns are not UTF-8; save the file as UTF-8");
    const std::string& name = columns_.emplace_back(trim(one.text));
    if (!name.empty() && !seen.insert(name).second) return malformed(fmt::format("Two columns are named '{}'", name));
  }
  return {};
}

result<bool> csv_reader::next(source_row& row) {
  result<bool> there = next_record(row);
  if (!there || !*there || !row.parse_error.empty()) return there;
  // Commas behind the last cell are what spreadsheets leave; any other count is a row torn apart.
  while (row.cells.size() > columns_.size() && row.cells.back().text.empty()) row.cells.pop_back();
  if (row.cells.size() == columns_.size()) return true;
  row.parse_error = fmt::format("has {} cells where there are {} columns", row.cells.size(), columns_.size());
  row.cells.clear();
  return true;
}

}  // namespace

std::unique_ptr<row_source> read_csv(byte_source bytes) { return std::make_unique<csv_reader>(std::move(bytes)); }

}  // namespace spaces::properties
