#include "marketplace/properties/import/import_merge.hpp"

#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/image_cells.hpp"
#include "platform/base/folding.hpp"
#include "platform/base/text.hpp"
#include "platform/table/table.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace spaces::properties {

namespace {

import_merge rejected(std::string reason) { return {verdict::rejected, std::nullopt, 0, std::move(reason), false}; }

/// Refused by size here, so that one row does not take its whole batch with it.
import_merge becoming(spaces::properties::verdict verdict, const property& p, std::int64_t version_before) {
  record::item made = to_item(p);
  if (table::counted_bytes(key_of(p.id), made.view()) > table::item_bytes_max)
    return rejected(fmt::format("is larger than {} bytes as it is stored", table::item_bytes_max));
  const bool has_outside = std::ranges::any_of(
      p.images.images(), [](const listing_image& each) { return each.status == image_status::outside; });
  return {verdict, std::move(made), version_before, {}, has_outside};
}

std::optional<instant> source_time(const property& p) {
  return parse_instant(p.unknown.find(source_time_attribute).text);
}

/// Whether a given field of the draft says something else than the listing.
bool differs(const record::draft<property>& draft, const property& from) {
  const record::field_span fields = property::fields();
  record::scratch a;
  record::scratch b;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!draft.given[i]) continue;
    a.list.clear();
    b.list.clear();
    if (!(fields[i].fetch(&draft.values, a) == fields[i].fetch(&from, b))) return true;
  }
  return false;
}

void note_time(property& p, const mapped_row& row) {
  if (!row.time_counts) p.unknown.set(source_time_attribute, {});
  if (const auto time = row.time)
    p.unknown.set(source_time_attribute, record::value::of(std::string_view(to_text(*time))));
}

import_merge create(const incoming_row& in, const uuid& owner) {
  property p = in.row.draft.values;
  p.id = in.row.id;
  if (!p.images.empty()) p.images.set(merge_outside(p.id, {}, p.images.images()), images_change::with_others, 1);
  p.user_id = owner;
  p.created_at = p.updated_at = in.created_at;
  p.version = 1;
  note_time(p, in.row);
  return becoming(verdict::created, p, 0);
}

}  // namespace

import_merge merge_import(const incoming_row& in, const uuid& owner, const record::item* before, instant now) {
  if (is_moderated(in.row.draft.values.status))
    return rejected("has a status that only an operator sets, by spaces listings");
  if (!before) return create(in, owner);
  std::optional<property> there = to_property(before->view());
  if (!there) return rejected("is in the store already, damaged; spaces check names it");
  if (there->user_id != owner) return rejected("is in the store already as another owner's listing");
  const std::optional<instant> last = source_time(*there);
  if (last && in.row.time_counts && (!in.row.time || *in.row.time < *last))
    return {verdict::older, std::nullopt, 0, {}, false};

  record::draft<property> draft = in.row.draft;
  const std::size_t title = record::find_field(property::fields(), "title");
  if (in.row.title_by_default) {
    draft.given.reset(title);
    // A title that nobody has edited goes with what it was made of.
    if (there->title == default_title_of(*there)) {
      draft.values.title = default_title_of(draft.apply(*there));
      draft.given.set(title);
    }
  }
  const bool newer = in.row.time ? in.row.time != last : last && !in.row.time_counts;
  // Outside pictures come and go with the file, and the others stay.
  static const std::size_t images = record::find_field(property::fields(), "images");
  const std::vector<listing_image> before_images = there->images.images();
  std::vector<listing_image> merged = before_images;
  if (draft.given[images]) merged = merge_outside(there->id, before_images, draft.values.images.images());
  draft.given.reset(images);
  if (!newer && merged == before_images && !differs(draft, *there))
    return {verdict::unchanged, std::nullopt, 0, {}, false};
  const std::int64_t version_before = there->version;
  property after = with_changes(*std::move(there), draft);
  after.updated_at = std::max(now, after.created_at);
  ++after.version;
  if (merged != before_images) after.images.set(merged, images_change::with_others, after.version);
  note_time(after, in.row);
  return becoming(verdict::updated, after, version_before);
}

std::string another_house(const record::draft<property>& row, const property& there) {
  const record::field_span fields = property::fields();
  record::scratch a, b;
  bool placed = false;
  for (const std::string_view name : {"address", "city", "zipCode", "latitude", "longitude"}) {
    const std::size_t at = record::find_field(fields, name);
    const record::value now = fields[at].fetch(&row.values, a), before = fields[at].fetch(&there, b);
    if (!row.given[at] || now.kind == record::value_kind::none || before.kind == record::value_kind::none) continue;
    placed = placed || name == "address" || name == "latitude";
    const bool text = now.kind == record::value_kind::text;
    if (text ? fold(now.text) == fold(before.text) : now == before) continue;
    std::string was, is;
    append_cell_text(was, before);
    append_cell_text(is, now);
    return fmt::format("{} '{}' is '{}' now", name, was, is);
  }
  if (placed || !differs(row, there)) return {};
  return "it says something else, and neither address nor place";
}

import_merge merge_restore(const incoming_row& in, const record::item* before) {
  const property& wanted = in.row.draft.values;
  if (!before) return becoming(verdict::created, wanted, 0);
  const std::optional<property> there = to_property(before->view());
  if (!there) return rejected("is in the store already, damaged; spaces check names it");
  if (there->user_id != wanted.user_id) return rejected("is in the store already as another owner's listing");
  if (there->version > wanted.version) return {verdict::older, std::nullopt, 0, {}, false};
  import_merge made = becoming(verdict::updated, wanted, there->version);
  if (made.verdict != verdict::updated || there->version < wanted.version) return made;
  if (same_attributes(*made.becomes, to_item(*there))) return {verdict::unchanged, std::nullopt, 0, {}, false};
  return rejected(fmt::format("is in the store already with the same version {} and other content", wanted.version));
}

}  // namespace spaces::properties
