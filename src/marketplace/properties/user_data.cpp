// What is held about one person: exported on request, withdrawn when the person has left.
#include "marketplace/properties/properties.hpp"
#include "platform/record/object_shape.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/page.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace spaces::properties {

namespace {

table::query rows_of(const uuid& owner) {
  table::query rows;
  rows.partition = owner_partition(owner);
  rows.from = std::string(owner_prefix);
  rows.to = std::string(owner_prefix) + '~';  // behind every time
  return rows;
}

}  // namespace

/// The keys of a person's listings, at most `max`.
result<std::vector<table::key>> properties::keys_of(const uuid& owner, std::size_t max) {
  return table::keys_of_rows(table_, rows_of(owner), max);
}

result<void> properties::withdraw_all(const uuid& owner, instant deadline) {
  const auto keys = keys_of(owner, std::numeric_limits<std::size_t>::max());
  if (!keys) return keys.error();
  for (const table::key& key : *keys) {
    const auto stored = table_.get(key, table::consistency::strong);
    if (!stored) return stored.error();
    const auto own = *stored ? ownership_of((*stored)->view()) : std::nullopt;
    if (!own || own->owner != owner || own->status == property_status::withdrawn) continue;
    const auto withdrawn =
        table::revise(table_, key, clock_, deadline, [&](const record::item* before) -> result<table::revision> {
          if (!before) return table::revision{};
          std::optional<property> p = to_property(before->view());
          if (!p) return table::damaged(key);
          p->status = property_status::withdrawn;
          p->status_before.reset();
          p->owner_suspended.reset();
          p->updated_at = std::max(clock_.now(), p->created_at);
          ++p->version;
          return table::revision{to_item(*p)};
        });
    if (!withdrawn) return withdrawn.error();
  }
  const auto uncounted = table_.write({table::remove{listing_counts_key(owner), {}}});
  if (!uncounted) return uncounted.error();
  return {};
}

result<table::export_place> properties::export_page(const uuid& owner, const std::optional<table::position>& after,
                                                    table::export_sink add) {
  const auto itself = [](const table::key& row) { return row; };
  const std::string base = options_.media_url + '/';
  const record::object_shape shape(property::fields(), record::on_show, {base, true});
  const auto show = [&](record::item_view stored) -> result<std::string> {
    std::string out;
    record::text_buffer text(out);
    shape.put(text, stored);
    text.flush();
    return out;
  };
  return table::export_rows(table_, rows_of(owner), after, itself, show, add);
}

}  // namespace spaces::properties
