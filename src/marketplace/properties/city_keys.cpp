#include "marketplace/properties/city_keys.hpp"

#include "marketplace/properties/property.hpp"
#include "platform/base/folding.hpp"
#include "platform/record/card.hpp"
#include "platform/table/revise.hpp"
#include "platform/table/store_meta.hpp"

#include <iterator>

namespace spaces::properties {

namespace {

constexpr std::string_view city_partition_attribute = table::name::index_pk[3];

constexpr property_status walked[] = {property_status::active, property_status::pending, property_status::sold};

/// Somebody else changes the listing at every try: then its keys are made anew by that.
constexpr int tries_max = 5;

bool has_key_of(record::item_view stored, const property& p) {
  return stored.find(city_partition_attribute).text == city_partition(p.city, p.status);
}

}  // namespace

result<bool> city_keys::current() {
  if (current_.load(std::memory_order_relaxed)) return true;
  const auto version = table::store_meta::read_folding(table_);
  if (!version) return version.error();
  note(*version);
  return *version >= folding_version;
}

void city_keys::note(int stored_version) { current_ = stored_version >= folding_version; }

result<void> city_keys::remake_some(deadline_time until, const std::stop_token& stop) {
  const auto are_current = current();
  if (!are_current) return are_current.error();
  if (*are_current) return {};
  const auto done = remake(until, stop);
  if (!done) return done.error();
  return {};
}

result<city_keys::progress> city_keys::remake(deadline_time until, const std::stop_token& stop) {
  const std::lock_guard lock(running_);
  progress so_far;
  for (; status_ < std::size(walked); ++status_, after_.reset()) {
    table::query rows;
    rows.index = table::index::gsi2;
    rows.partition = status_partition(walked[status_]);
    for (bool more = true; more;) {
      if (stop.stop_requested() || std::chrono::steady_clock::now() >= until) return so_far;
      rows.after = after_;
      std::vector<table::key> keys;
      std::optional<table::position> last = after_;
      const auto visited = table_.visit_index(rows, [&](const table::row& row) {
        last = {std::string(row.sort_key), {std::string(row.key.pk), std::string(row.key.sk)}};
        ++so_far.examined;
        // Most cities are the same in every folding, which their cards tell.
        if (!folds_plainly(record::card_value(row.card, tag::city).text)) keys.push_back(last->key);
        return keys.size() < table::batch_keys_max;
      });
      if (!visited) return visited.error();
      more = *visited;
      if (const result<void> done = remake_page(keys, so_far); !done) return done.error();
      after_ = std::move(last);
    }
  }
  if (const result<void> noted = table::store_meta::note_folding(table_); !noted) return noted.error();
  status_ = 0;
  current_ = true;
  so_far.complete = true;
  return so_far;
}

result<void> city_keys::remake_page(const std::vector<table::key>& keys, progress& so_far) {
  if (keys.empty()) return {};
  auto items = table_.read_batch(keys, table::consistency::strong);
  if (!items) return items.error();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!(*items)[i]) continue;
    const auto remade = remake_one(keys[i], *std::move((*items)[i]));
    if (!remade) return remade.error();
    so_far.remade += *remade ? 1 : 0;
  }
  return {};
}

result<bool> city_keys::remake_one(const table::key& key, record::item stored) {
  for (int tries = 0; tries < tries_max; ++tries) {
    const std::optional<property> p = to_property(stored.view());
    // What is damaged is for spaces check to name; what is hidden now has no city key.
    if (!p || !is_public(p->status) || has_key_of(stored.view(), *p)) return false;
    const auto written = table_.write({table::put{
        key, to_item(*p), {table::equals{std::string(table::version_attribute), make_decimal(p->version, 0)}}}});
    if (!written) return written.error();
    if (!*written) return true;
    auto again = table_.get(key, table::consistency::strong);
    if (!again) return again.error();
    if (!*again) return false;
    stored = **std::move(again);
  }
  return false;
}

}  // namespace spaces::properties
