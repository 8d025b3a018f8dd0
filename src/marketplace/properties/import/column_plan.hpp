/// Which column of a file is good for what: found by names, settled by what people said. No row is looked at.
#pragma once

#include "marketplace/properties/import/mapping_options.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// A column for a field; `rank` as in column_names.hpp, -1 when people named it.
struct field_source {
  std::size_t column;
  int rank;
  std::optional<area_unit> unit;           ///< of an area: what the name says, or people
  std::optional<std::size_t> unit_column;  ///< of an area: what each row says
};

struct column_plan {
  std::array<std::vector<field_source>, record::fields_max> sources;  ///< of each field, best rank first
  std::optional<std::size_t> key;
  std::optional<std::size_t> order;
  std::vector<std::size_t> rents;         ///< amounts that are no prices
  std::vector<std::size_t> periods;       ///< how often a price is paid
  std::vector<std::size_t> transactions;  ///< for sale or to let; types of property too
  std::vector<std::string> times;         ///< columns that could be named with --order
  std::vector<bool> used;

  /// For columns of which more may come (JSON Lines); what people named and is not there yet stays empty.
  static column_plan make(const std::vector<std::string>& columns, const mapping_rules& rules);

  /// `malformed` with one sentence that names what was found and what is allowed: a required field without column
  /// or value, two columns for one field, a name that the file does not have.
  result<void> check(const std::vector<std::string>& columns, const mapping_rules& rules) const;

  /// Columns that mean nothing to us, in the file's order.
  std::vector<std::string> unused(const std::vector<std::string>& columns) const;
};

/// By the exact name, else in any spelling.
std::optional<std::size_t> find_column(const std::vector<std::string>& columns, std::string_view name);

}  // namespace spaces::properties
