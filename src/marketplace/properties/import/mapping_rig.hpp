/// Files of a few rows, understood: what tests of columns and cells look at.
#pragma once

#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/row_mapping.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::properties::test {

using texts = std::vector<std::string>;

inline mapping_options options() {
  mapping_options made;
  made.owner = *parse_uuid("00000000-0000-8000-8000-000000000009");
  made.file = "homes.csv";
  return made;
}

inline const texts required = {"price", "city", "state", "zip"};
inline const texts required_cells = {"450000", "Kent", "WA", "98030"};

inline texts plus(texts list, std::string one) { return list.push_back(std::move(one)), list; }

struct file_rows {
  explicit file_rows(std::vector<texts> rows) : all(std::move(rows)) {}
  std::vector<texts> all;
};

/// A file's outcome: the last row's fields as texts, "column: reason" of everything found in it, or why the file is
/// refused. "." is an absent cell.
class understood {
 public:
  understood(const texts& columns, const texts& cells, const mapping_options& how = options(), std::size_t line = 2)
      : understood(columns, file_rows({cells}), how, line) {}

  understood(const texts& columns, const file_rows& rows, const mapping_options& how = options(),
             std::size_t line = 2) {
    auto mapping = row_mapping::make(how);
    if (!mapping) {
      error_text = mapping.error().public_text;
      return;
    }
    std::vector<source_row> sources;
    for (const texts& cells : rows.all) {
      source_row& source = sources.emplace_back();
      source.line = line++;
      for (const std::string& one : cells) source.cells.push_back(one == "." ? cell{} : cell::of(one));
    }
    if (auto good_columns = mapping->check(columns); !good_columns) {
      error_text = good_columns.error().public_text;
      return;
    }
    for (const source_row& source : sources) mapping->look(source, columns);
    if (auto decided = mapping->decide(columns); !decided) {
      error_text = decided.error().public_text;
      return;
    }
    row_findings found;
    for (const source_row& source : sources) {
      found.clear();
      good = mapping->map(source, columns, row, found);
    }
    for (const cell_finding& one : found.rejected) problems += std::string(one.column) + ": " + one.reason + "\n";
    for (const cell_finding& one : found.dropped) dropped += std::string(one.column) + ": " + one.reason + "\n";
    for (const cell_finding& one : found.left_out) left_out += std::string(one.column) + ": " + one.reason + "\n";
    unused = mapping->unused(columns);
    fields = mapping->fields(columns);
    keys = mapping->key_like(columns);
    repeated_keys = mapping->repeated_keys();
  }

  std::string operator[](std::string_view field) const {
    const std::size_t at = record::find_field(property::fields(), field);
    if (!row.draft.given[at]) return "not given";
    record::scratch store;
    std::string text;
    append_cell_text(text, property::fields()[at].fetch(&row.draft.values, store));
    return text;
  }

  bool good = false;
  std::string error_text;
  std::string problems, dropped, left_out;
  mapped_row row;
  texts unused, keys;
  std::vector<field_report> fields;
  std::uint64_t repeated_keys = 0;
};

}  // namespace spaces::properties::test
