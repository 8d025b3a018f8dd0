/// From a row of a file to a listing: which column means which field, settled once and before anything
/// is written, then row by row.
#pragma once

#include "marketplace/properties/import/row_source.hpp"
#include "marketplace/properties/import/title_template.hpp"
#include "marketplace/properties/property.hpp"
#include "platform/record/read.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spaces::properties {

/// What people say beside the file.
struct mapping_options {
  uuid owner;
  std::string source;  ///< names the file in ids
  std::string key;     ///< column that names the house; empty: the line does
  std::string order;   ///< column with the row's time; empty: found by name, with a key
  std::string title;   ///< template for rows without a title; empty: the default
  std::vector<std::pair<std::string, std::string>> map;  ///< our field, their column
  std::vector<std::pair<std::string, std::string>> set;  ///< our field, its value where the file has none
};

/// The title of a listing that came without one.
inline constexpr std::string_view default_title = "{bedrooms}-bedroom {propertyType|home} in {city}";
std::string default_title_of(const property& p);

/// A row understood.
struct mapped_row {
  uuid id;
  record::draft<property> draft;
  bool title_by_default = false;  ///< nobody gave a title
  std::optional<instant> time;    ///< when the row was true
};

class row_mapping {
 public:
  /// `invalid` or `malformed` with one sentence that names what was found and what is allowed: a
  /// required field without column or value, two columns for one field, a name that nobody knows.
  static result<row_mapping> make(const std::vector<std::string>& columns, mapping_options options);

  /// Reads a row that can be read. False with every problem, each under its column's name.
  bool map(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
           std::vector<problem>& problems);

  /// Columns that mean nothing to us, in the file's order.
  std::vector<std::string> unused(const std::vector<std::string>& columns) const;
  /// The column that tells which of two rows of one key is later; empty when none does.
  const std::string& order_column() const { return options_.order; }

 private:
  /// A column for a field; `rank` as in column_names.hpp, -1 when people named it.
  struct choice {
    std::size_t column;
    int rank;
  };

  explicit row_mapping(mapping_options options) : options_(std::move(options)) {}

  result<void> take_map(const std::vector<std::string>& columns);
  result<void> take_set();
  result<void> take_title(const std::vector<std::string>& columns);
  result<void> take_key_and_order(const std::vector<std::string>& columns);
  result<void> demand_required(const std::vector<std::string>& columns) const;
  std::string ambiguity(const std::vector<std::string>& columns) const;
  void absorb(const std::vector<std::string>& columns);
  void map_field(std::size_t at, const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                 std::vector<problem>& problems) const;
  void map_title(const source_row& row, mapped_row& out, std::vector<problem>& problems);
  void map_id(const source_row& row, mapped_row& out, std::vector<problem>& problems) const;
  void map_time(const source_row& row, mapped_row& out, std::vector<problem>& problems) const;

  /// Where a placeholder's value comes from.
  struct title_part {
    std::optional<std::size_t> field;
    std::size_t column = 0;
  };

  mapping_options options_;
  std::array<std::vector<choice>, record::fields_max> choices_;  ///< of each field, best rank first
  std::size_t absorbed_ = 0;                                     ///< columns looked at
  std::vector<bool> used_;
  record::draft<property> set_;
  std::optional<title_template> title_;
  std::vector<title_part> title_parts_;
  std::vector<std::string> title_values_;
  std::optional<std::size_t> key_;
  std::optional<std::size_t> order_;
  std::string owner_text_;
};

}  // namespace spaces::properties
