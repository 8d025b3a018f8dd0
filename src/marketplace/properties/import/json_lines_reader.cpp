#include "marketplace/properties/import/line_reader.hpp"
#include "marketplace/properties/import/row_source.hpp"
#include "platform/base/text.hpp"

#include <fmt/core.h>

#include <functional>
#include <map>
#include <utility>

namespace spaces::properties {

namespace {

/// One JSON object a line; its keys are columns.
class json_lines_reader final : public row_source {
 public:
  explicit json_lines_reader(byte_source bytes) : lines_(std::move(bytes)) {}

  const std::vector<std::string>& columns() const override { return columns_; }
  result<void> open() override;
  result<bool> next(source_row& row) override;
  std::uint64_t bytes_read() const override { return lines_.bytes_read(); }
  bool tabular() const override { return false; }

 private:
  void take_apart(source_row& row);
  static cell cell_of(const record::json_value& json);

  line_reader lines_;
  std::vector<std::string> columns_;
  std::map<std::string, std::size_t, std::less<>> places_;
  record::json_value object_;
  source_row first_;
  bool held_ = false;  ///< `first_` was read by open() and not yet handed on
};

cell json_lines_reader::cell_of(const record::json_value& json) {
  switch (json.kind) {
    case record::json_kind::null: return {cell::kind::cleared, {}, nullptr};
    case record::json_kind::boolean: return cell::of(json.flag ? "true" : "false");
    case record::json_kind::number: return {cell::kind::text, json.text, nullptr, true};
    case record::json_kind::string: return cell::of(json.text);
    default: return {cell::kind::json, {}, &json};
  }
}

/// Parses the row's text into its cells; columns that are new are added.
void json_lines_reader::take_apart(source_row& row) {
  row.cells.clear();
  row.parse_error.clear();
  auto parsed = record::parse_json(trim(row.text));
  if (!parsed || parsed->kind != record::json_kind::object) {
    row.parse_error = parsed ? "is not one JSON object" : "is not JSON: " + parsed.error().public_text;
    return;
  }
  object_ = *std::move(parsed);
  for (const auto& [name, json] : object_.members) {
    auto at = places_.find(name);
    if (at == places_.end()) {
      if (columns_.size() == columns_max) {
        row.cells.clear();
        row.parse_error = fmt::format("has the new key '{}' where {} were met already", name, columns_max);
        return;
      }
      at = places_.emplace(name, columns_.size()).first;
      columns_.push_back(name);
    }
    if (row.cells.size() <= at->second) row.cells.resize(at->second + 1);
    row.cells[at->second] = cell_of(json);
  }
}

result<bool> json_lines_reader::next(source_row& row) {
  if (held_) {
    held_ = false;
    row = std::move(first_);
    return true;
  }
  text_line line;
  for (;;) {
    result<bool> more = lines_.next(line);
    if (!more || !*more) return more;
    const std::size_t end = line.text.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos) continue;
    row.line = line.number;
    row.text = line.text.substr(0, end + 1);
    if (line.cut) {
      row.cells.clear();
      row.parse_error = fmt::format("is longer than {} bytes", row_bytes_max);
    } else if (!is_utf8(row.text)) {
      row.cells.clear();
      row.parse_error = "is not UTF-8";
    } else {
      take_apart(row);
    }
    return true;
  }
}

result<void> json_lines_reader::open() {
  const result<bool> there = next(first_);
  if (!there) return there.error();
  if (!*there) return malformed("The file is empty; each of its lines must be a JSON object");
  if (!first_.parse_error.empty()) return malformed(fmt::format("Line {} {}", first_.line, first_.parse_error));
  held_ = true;
  return {};
}

}  // namespace

std::unique_ptr<row_source> read_json_lines(byte_source bytes) {
  return std::make_unique<json_lines_reader>(std::move(bytes));
}

}  // namespace spaces::properties
