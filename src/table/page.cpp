#include "table/page.hpp"

namespace spaces::table {

result<page> read_page(single_table& table, query rows, std::size_t wanted, bool admits_all,
                       function_ref<bool(const row&)> admits) {
  rows.limit = admits_all ? wanted + 1 : examined_rows_max;
  page found;
  position last;  // of the last row on the page, or examined in vain behind it
  std::size_t examined = 0;
  bool one_more = false;
  const auto more = table.visit_index(rows, [&](const row& each) {
    ++examined;
    const bool fits = admits(each);
    if (fits && found.rows.size() == wanted) {
      one_more = true;  // so there is a next page: no last page is empty
      return false;
    }
    if (fits) found.rows.push_back({{std::string(each.key.pk), std::string(each.key.sk)}, std::string(each.card)});
    if (fits || examined == examined_rows_max) {
      last.sort_key.assign(each.sort_key);
      last.key.pk.assign(each.key.pk);
      last.key.sk.assign(each.key.sk);
    }
    return true;
  });
  if (!more) return more.error();
  const bool gave_up = *more && !one_more;
  if (one_more || gave_up) found.next = std::move(last);
  return found;
}

}  // namespace spaces::table
