#include "platform/table/page.hpp"

#include "platform/record/write.hpp"

#include <algorithm>

namespace spaces::table {

std::string question_text(std::string about, record::field_span parameters, const void* question) {
  record::scratch store;
  for (const record::field& each : parameters) {
    if (each.name == "limit" || each.name == "cursor") continue;
    store.list.clear();
    ((about += '\n') += each.name) += '=';
    record::append_json(about, each.fetch(question, store));
  }
  return about;
}

namespace {

/// Rows to look at next: as many as probably hold what the page still misses, by the share that fitted so far, which is
/// taken for half a row where none did. Never more than three times what was looked at: a share of few rows says
/// little.
std::size_t rows_to_examine(std::size_t missing, std::size_t examined, std::size_t fitted) {
  if (examined == 0) return 2 * missing;
  const std::size_t probably = 2 * missing * examined / std::max<std::size_t>(1, 2 * fitted);
  return std::min(3 * examined, probably + probably / 4 + 1);
}

}  // namespace

result<std::optional<position>> read_page(single_table& table, query rows, std::size_t wanted, bool admits_all,
                                          function_ref<bool(const row&)> admits, function_ref<void(const row&)> show) {
  std::size_t taken = 0;
  std::size_t looked_at = 0;
  position shown;     // the last row on the page, once it is full
  position examined;  // the last row looked at, which may have been in vain
  bool one_more = false;
  const auto look = [&](const row& each) {
    const bool fits = admits(each);
    if (fits && taken == wanted) {
      one_more = true;  // so there is a next page: no last page is empty
      return false;
    }
    if (fits) {
      show(each);
      ++taken;
    }
    ++looked_at;
    examined.sort_key.assign(each.sort_key);
    examined.key.pk.assign(each.key.pk);
    examined.key.sk.assign(each.key.sk);
    if (fits && taken == wanted) shown = examined;
    return true;
  };
  for (;;) {
    const std::size_t left = examined_rows_max - looked_at;
    rows.limit = admits_all ? wanted + 1 : std::min(left, rows_to_examine(wanted + 1 - taken, looked_at, taken));
    const auto more = table.visit_index(rows, look);
    if (!more) return more.error();
    // Behind the last row shown, not behind those examined after it: they may fit by the time of the next page.
    if (one_more) return std::optional(std::move(shown));
    if (!*more) return std::nullopt;
    if (admits_all || looked_at == examined_rows_max) return std::optional(std::move(examined));
    rows.after = examined;
  }
}

result<std::vector<key>> keys_of_rows(single_table& table, query rows, std::size_t max) {
  std::vector<key> keys;
  for (bool more = true; more && keys.size() < max;) {
    position last;
    const auto visited = table.visit_index(rows, [&](const row& each) {
      last = {std::string(each.sort_key), {std::string(each.key.pk), std::string(each.key.sk)}};
      keys.push_back(last.key);
      return keys.size() < max;
    });
    if (!visited) return visited.error();
    more = *visited;
    rows.after = last;
  }
  return keys;
}

result<void> read_items(single_table& table, const std::vector<key>& keys,
                        function_ref<result<void>(record::item_view)> show) {
  for (std::size_t at = 0; at < keys.size(); at += batch_keys_max) {
    const auto first = keys.begin() + static_cast<std::ptrdiff_t>(at);
    const std::size_t count = std::min(batch_keys_max, keys.size() - at);
    const auto items = table.read_batch({first, first + static_cast<std::ptrdiff_t>(count)}, consistency::eventual);
    if (!items) return items.error();
    for (const std::optional<record::item>& one : *items) {
      if (!one) continue;
      if (const result<void> shown = show(one->view()); !shown) return shown.error();
    }
  }
  return {};
}

result<export_place> export_rows(single_table& table, query rows, const std::optional<position>& after,
                                 function_ref<key(const key& row)> key_of,
                                 function_ref<result<std::string>(record::item_view)> show, export_sink add) {
  rows.after = after;
  rows.limit = export_batch_rows;
  for (bool more = true; more;) {
    std::vector<position> places;
    std::vector<key> keys;
    const auto visited = table.visit_index(rows, [&](const row& each) {
      places.push_back({std::string(each.sort_key), {std::string(each.key.pk), std::string(each.key.sk)}});
      keys.push_back(key_of(places.back().key));
      return true;
    });
    if (!visited) return visited.error();
    more = *visited;
    const auto items = table.read_batch(keys, consistency::eventual);
    if (!items) return items.error();
    for (std::size_t i = 0; i < items->size(); ++i) {
      if (const std::optional<record::item>& stored = (*items)[i]) {
        const result<std::string> text = show(stored->view());
        if (!text) return text.error();
        if (!add(*text)) return export_place{true, rows.after};
      }
      rows.after = places[i];
    }
  }
  return export_place{};
}

}  // namespace spaces::table
