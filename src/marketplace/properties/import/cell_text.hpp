/// One cell of a file and one field of ours: reading what people wrote, writing what is read back.
#pragma once

#include "marketplace/properties/import/row_source.hpp"
#include "platform/record/field.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// True when people left the cell empty: nothing, white space, or the question mark of many data sets.
bool says_nothing(const cell& from);

/// Reads a cell that says something for a field as people write it: "$1,250,000" and ".5" are numbers,
/// "Closed" is a status, lists come as JSON arrays or with | or ; or , between. Numbers given as NA, N/A,
/// NULL or NaN leave the field as it was and are no problem; `given` tells. Problems go under `column`.
bool accept_cell(const record::field& f, void* entity, const cell& from, std::string_view column, bool& given,
                 std::vector<problem>& problems);

/// Reads a cell as `append_cell_text` or JSON wrote it, exactly; no value clears the field.
bool restore_cell(const record::field& f, void* entity, const cell& from, std::string_view column,
                  std::vector<problem>& problems);

/// Appends a value as a cell's text (without CSV's quotes): lists with | between, as a JSON array where
/// a text of theirs could be mistaken.
void append_cell_text(std::string& out, const record::value& v);

}  // namespace spaces::properties
