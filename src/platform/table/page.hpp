/// One page of an index: rows that a filter admits, and where the next page starts. And all of it, page by page.
#pragma once

#include "platform/record/field.hpp"
#include "platform/table/cursor.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace spaces::table {

/// Of the parameters that every list has: a page that a screen shows, of at most as many rows as one batch has keys,
/// for what is read with it.
inline constexpr record::rules page_limit_rules{
    .min = decimal{1, 0}, .max = decimal{batch_keys_max, 0}, .doc = "Rows of a page; 20 unless given", .example = "20"};
inline constexpr record::rules page_cursor_rules{
    .length_min = 1,
    .length_max = cursor_bytes_max,
    .opaque = true,
    .doc = "`nextCursor` of the page before, with the same filters and order"};

/// A text that is the same for the same question, however it is put, except limit and cursor: what a cursor belongs
/// to. `about` tells whose and which list it is.
std::string question_text(std::string about, record::field_span parameters, const void* question);

/// Rows examined for one page. Filters that no index answers are asked of so many cards at most; then the page is
/// short and has a cursor. They are read by parts, as many as the page probably needs, because DynamoDB charges for
/// each: 500 rows are 24 read units, and 0.2 ms on the embedded engine.
inline constexpr std::size_t examined_rows_max = 500;

/// Shows the first `wanted` rows of `rows` that `admits` takes, in order, and returns where the next page
/// starts, where there is one: no last page is empty but the only one. `admits_all`: it takes every row, so
/// that no more need be visited than are shown. After an error what was shown is no page.
result<std::optional<position>> read_page(single_table& table, query rows, std::size_t wanted, bool admits_all,
                                          function_ref<bool(const row&)> admits, function_ref<void(const row&)> show);

/// The keys behind all rows, page by page, at most `max`: for jobs and exports, which leave nothing out.
result<std::vector<key>> keys_of_rows(single_table& table, query rows, std::size_t max);

/// The items of these keys in their order, however many; those that are gone are left out. `show` may fail.
result<void> read_items(single_table& table, const std::vector<key>& keys,
                        function_ref<result<void>(record::item_view)> show);

// ---- Everything of one person, in pages of any size: what is in memory does not grow with it.

/// Items that are read together for an export: the largest are 80 kB.
inline constexpr std::size_t export_batch_rows = 32;

/// Where an export goes on, when there is more: behind a row, or (without one) at the beginning.
struct export_place {
  bool more = false;
  std::optional<position> after = {};
};

/// Takes an item's JSON text; false: not taken, since the page is full.
using export_sink = function_ref<bool(std::string_view json)>;

/// Gives the items behind these rows to `add`, from behind `after`, until it takes no more. `key_of` is the item's key
/// by its row's; an item that is gone is left out.
result<export_place> export_rows(single_table& table, query rows, const std::optional<position>& after,
                                 function_ref<key(const key& row)> key_of,
                                 function_ref<result<std::string>(record::item_view)> show, export_sink add);

}  // namespace spaces::table
