/// One page of an index: rows that a filter admits, and where the next page starts.
#pragma once

#include "table/table.hpp"

#include <optional>

namespace spaces::table {

/// Rows examined for one page. Filters that no index answers are asked of so many cards at most;
/// then the page is short and has a cursor. 500 cards are 120 kB, 15 read units and 0.2 ms.
inline constexpr std::size_t examined_rows_max = 500;

/// Shows the first `wanted` rows of `rows` that `admits` takes, in order, and returns where the next page
/// starts, where there is one: no last page is empty but the only one. `admits_all`: it takes every row, so
/// that no more need be visited than are shown. After an error what was shown is no page.
result<std::optional<position>> read_page(single_table& table, query rows, std::size_t wanted, bool admits_all,
                                          function_ref<bool(const row&)> admits, function_ref<void(const row&)> show);

}  // namespace spaces::table
