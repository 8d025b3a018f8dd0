#include "table/page.hpp"

namespace spaces::table {

result<std::optional<position>> read_page(single_table& table, query rows, std::size_t wanted, bool admits_all,
                                          function_ref<bool(const row&)> admits, function_ref<void(const row&)> show) {
  rows.limit = admits_all ? wanted + 1 : examined_rows_max;
  std::size_t taken = 0;
  position shown;     // the last row on the page
  position examined;  // the last row looked at, which may have been in vain
  bool one_more = false;
  const auto more = table.visit_index(rows, [&](const row& each) {
    const bool fits = admits(each);
    if (fits && taken == wanted) {
      one_more = true;  // so there is a next page: no last page is empty
      return false;
    }
    if (fits) {
      show(each);
      ++taken;
    }
    for (position* place : {&examined, fits ? &shown : nullptr}) {
      if (!place) continue;
      place->sort_key.assign(each.sort_key);
      place->key.pk.assign(each.key.pk);
      place->key.sk.assign(each.key.sk);
    }
    return true;
  });
  if (!more) return more.error();
  // Behind the last row shown, not behind those examined after it: they may fit by the time of the next page.
  if (one_more) return std::optional(std::move(shown));
  return *more ? std::optional(std::move(examined)) : std::nullopt;
}

}  // namespace spaces::table
