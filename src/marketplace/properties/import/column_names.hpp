/// What the columns of other people's files are called: our own names, those of the RESO Data
/// Dictionary and the usual short forms, in one table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spaces::properties {

/// Lower case without spaces, underscores, hyphens and points: how names are compared, so that
/// "Sq__Ft", "sq ft" and "sqft" are one.
std::string fold_column(std::string_view name);

/// A name that means a field of ours. Where two columns mean the same field, the lower rank has it and
/// the other is not used; two of one rank are an ambiguity that people must resolve.
struct column_meaning {
  std::string_view folded;
  std::string_view field;
  int rank;
};

/// Null when the name (any spelling) is none that we know.
const column_meaning* meaning_of_column(std::string_view name);

/// Of names that tell when a row was true (a sale's or a change's date): its place among them, where
/// the lowest is taken first; empty for any other name.
std::optional<std::size_t> time_column_rank(std::string_view name);

/// Our status for a word of RESO's StandardStatus or of daily use ("Closed" is sold); the word itself,
/// folded, when there is none.
std::string status_of_word(std::string_view word);

}  // namespace spaces::properties
