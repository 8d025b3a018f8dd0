/// One page of an index: rows that a filter admits, and where the next page starts.
#pragma once

#include "table/table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace spaces::table {

/// Rows examined for one page. Filters that no index answers are asked of so many cards at most;
/// then the page is short and has a cursor. 500 cards are 120 kB, 15 read units and 0.2 ms.
inline constexpr std::size_t examined_rows_max = 500;

/// A row that stays: its key and its card.
struct kept_row {
  table::key key;
  std::string card;
};

struct page {
  std::vector<kept_row> rows;
  std::optional<position> next;  ///< empty on the last page: no last page is empty but the only one
};

/// The first `wanted` rows of `rows` that `admits` takes. `admits_all`: it takes every row, so that no more
/// need be visited than are shown.
result<page> read_page(single_table& table, query rows, std::size_t wanted, bool admits_all,
                       function_ref<bool(const row&)> admits);

}  // namespace spaces::table
