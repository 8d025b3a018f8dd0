#include "marketplace/properties/import/import_reasons.hpp"

#include "platform/base/text.hpp"

#include <algorithm>

namespace spaces::properties {

namespace {

/// Text that a terminal and JSON take.
std::string shown(std::string_view value) {
  std::string text(value.substr(0, reason_value_bytes_max));
  const bool cut = text.size() < value.size();
  while (cut && !text.empty() && !is_utf8(text)) text.pop_back();
  if (!is_utf8(text)) return "(not UTF-8)";
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return cut ? text + "…" : text;
}

}  // namespace

void reason_totals::add(lost what, std::string_view column, std::string_view reason, std::size_t line,
                        std::string_view value) {
  auto at = totals_.find(std::tuple(what, column, reason));
  if (at == totals_.end()) {
    if (totals_.size() >= reasons_max && reason != "other reasons") return add(what, {}, "other reasons", line, value);
    const name key(what, column, reason);
    at =
        totals_.emplace(key, reason_total{what, std::string(column), std::string(reason), 0, line, shown(value)}).first;
  }
  ++at->second.count;
}

void reason_totals::add(const reason_totals& others) {
  for (const auto& [key, total] : others.totals_) {
    const auto [at, fresh] = totals_.emplace(key, total);
    if (!fresh) at->second.count += total.count;
  }
}

std::vector<reason_total> reason_totals::sorted() const {
  std::vector<reason_total> all;
  for (const auto& [key, total] : totals_) all.push_back(total);
  std::ranges::stable_sort(all, [](const reason_total& a, const reason_total& b) {
    return a.lost != b.lost ? a.lost < b.lost : a.count > b.count;
  });
  return all;
}

}  // namespace spaces::properties
