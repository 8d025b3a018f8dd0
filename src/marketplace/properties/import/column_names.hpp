/// What the columns of other people's files are called, and what stands in some of them: our own names, those of the
/// RESO Data Dictionary and the usual short forms, in tables.
#pragma once

#include "marketplace/properties/import/area_unit.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// Lower case without spaces, underscores, hyphens, points and brackets: how names are compared, so that
/// "Sq__Ft", "sq ft" and "sqft" are one.
std::string fold_column(std::string_view name);

/// A name that means a field of ours. Where two columns mean the same field, the lower rank has it and
/// the other is read where the first says nothing; two of the lowest rank are an ambiguity that people must resolve.
struct column_meaning {
  std::string_view folded;
  std::string_view field;
  int rank;
  std::optional<area_unit> unit;  ///< of an area, where the name says it
};

/// Null when the name (any spelling) is none that we know.
const column_meaning* meaning_of_column(std::string_view name);

/// What a column that is no field of ours may be good for.
enum class column_role : std::uint8_t {
  none,
  rent,         ///< an amount that is paid by the month
  period,       ///< how often a price is paid
  transaction,  ///< for sale or to let
  time,         ///< when the row was true
  key,          ///< names a house or its listing
};
column_role role_of_column(std::string_view name);

/// How a column with the units of the area in column `name` may be called, folded.
std::vector<std::string> unit_columns_of(std::string_view name);

/// Our status for a word of RESO's StandardStatus or of daily use ("Closed" is sold), `leased_status` for houses
/// that are let; the word itself, folded, when there is none.
std::string status_of_word(std::string_view word);
inline constexpr std::string_view leased_status = "leased";

/// True for what is to let ("Residential Lease", "For Rent", "alquiler") and not for sale as well.
bool says_rent(std::string_view text);

}  // namespace spaces::properties
