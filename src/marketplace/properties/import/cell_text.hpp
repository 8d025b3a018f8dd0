/// One cell of a file and one field of ours: reading what people wrote, writing what is read back.
#pragma once

#include "marketplace/properties/import/area_unit.hpp"
#include "marketplace/properties/import/number_text.hpp"
#include "marketplace/properties/import/row_source.hpp"
#include "platform/record/field.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// What a field's cells need beyond their type.
enum class cell_kind : std::uint8_t {
  plain,
  money,       ///< currencies, "450k"; "/month" makes it a rent
  area,        ///< units
  postcode,    ///< 3067.0 is 3067
  coordinate,  ///< of two together
};
cell_kind cell_kind_of(const record::field& f);

/// How a column's cells are read: what its whole file told (column_survey.hpp).
struct cell_rules {
  decimal_mark mark = decimal_mark::point;
  area_unit unit = area_unit::square_feet;  ///< where the cell does not say one itself
};

/// The text without white space around it and without what Excel needs to take it for one: ="02134", '02134. An
/// apostrophe before a letter stays ('s-Hertogenbosch).
std::string_view clean_text(std::string_view text);

/// True when people left the cell empty, or wrote that there is nothing: null, None, N/A, NaN, -, ?, unknown. NA is
/// nothing but in a state (Naples) or city.
bool says_nothing(const record::field& f, const cell& from);
/// The same for a cell that is no field's.
bool says_nothing(const cell& from);

/// A problem's code where a price is paid by the month.
inline constexpr std::string_view rent_code = "rent";

/// Reads a cell that says something for a field as people write it: "$1,250,000" and ".5" are numbers, "150 m²" is an
/// area, lists come as JSON arrays or with | or ; or , between. A status is read by its own name alone. Problems go
/// under `column`.
bool accept_cell(const record::field& f, void* entity, const cell& from, const cell_rules& rules,
                 std::string_view column, std::vector<problem>& problems);

/// Reads a cell as `append_cell_text` or JSON wrote it, exactly; no value clears the field.
bool restore_cell(const record::field& f, void* entity, const cell& from, std::string_view column,
                  std::vector<problem>& problems);

/// Appends a value as a cell's text (without CSV's quotes): lists with | between, as a JSON array where
/// a text of theirs could be mistaken.
void append_cell_text(std::string& out, const record::value& v);

}  // namespace spaces::properties
