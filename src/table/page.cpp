#include "table/page.hpp"

namespace spaces::table {

result<std::optional<position>> read_page(single_table& table, query rows, std::size_t wanted, bool admits_all,
                                          function_ref<bool(const row&)> admits, function_ref<void(const row&)> show) {
  rows.limit = admits_all ? wanted + 1 : examined_rows_max;
  std::size_t shown = 0;
  position last;  // of the last row on the page, or examined in vain behind it
  bool one_more = false;
  const auto more = table.visit_index(rows, [&](const row& each) {
    const bool fits = admits(each);
    if (fits && shown == wanted) {
      one_more = true;  // so there is a next page: no last page is empty
      return false;
    }
    if (fits) {
      show(each);
      ++shown;
    }
    last.sort_key.assign(each.sort_key);
    last.key.pk.assign(each.key.pk);
    last.key.sk.assign(each.key.sk);
    return true;
  });
  if (!more) return more.error();
  const bool gave_up = *more && !one_more;
  if (!one_more && !gave_up) return std::optional<position>();
  return std::optional(std::move(last));
}

}  // namespace spaces::table
