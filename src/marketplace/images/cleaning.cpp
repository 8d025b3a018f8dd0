// What is left of pictures that are gone, and of uploads that never came.
#include "marketplace/images/image_jobs.hpp"
#include "marketplace/images/images.hpp"
#include "marketplace/images/likeness_index.hpp"
#include "platform/base/digest.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/page.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace spaces::images {

namespace {

using properties::image_status;
using properties::images_revision;
using properties::listing_image;
using properties::property;

table::query rows_of(const uuid& owner) {
  table::query rows;
  rows.partition = owner_partition(owner);
  return rows;
}

}  // namespace

gone_images gone_of(const uuid& listing, std::span<const listing_image> images) {
  gone_images gone{listing, {}, {}};
  for (const listing_image& each : images) {
    if (each.status == image_status::outside) continue;
    gone.ids.push_back(each.id);
    // The names of others are told by what is known of them, which is there until their files are gone.
    if (each.status == image_status::ready) gone.names.push_back(to_hex(each.name));
  }
  return gone;
}

std::vector<table::operation> remove_when_removed(const property& gone, instant now) {
  const gone_images files = gone_of(gone.id, gone.images.images());
  if (files.ids.empty()) return {};
  return {enqueue_removal(files, now)};
}

result<void> images::settle_upload(const uuid& listing, const uuid& id, instant deadline) {
  const auto come = arrived(original_key(listing, id), deadline);
  if (!come) return come.error();
  if (*come) return {};
  const auto forget = [&](const property& before) -> result<std::optional<images_revision>> {
    images_revision becomes{before.images.images()};
    const auto found = std::ranges::find(becomes.images, id, &listing_image::id);
    if (found == becomes.images.end() || found->status != image_status::awaiting)
      return std::optional<images_revision>();
    becomes.images.erase(found);
    becomes.alongside.emplace_back(table::remove{key_of(id), {}});
    return std::optional(std::move(becomes));
  };
  const auto done = listings_.progress_images(listing, deadline, forget);
  if (!done && done.error().kind != error_kind::not_found) return done.error();
  return {};
}

result<void> images::remove_prefix(const std::string& prefix) {
  for (bool more = true; more;) {
    const auto page = bucket_.list(prefix, "", bucket::list_objects_max);
    if (!page) return page.error();
    for (const bucket::listed_object& each : page->objects)
      if (const auto gone = bucket_.remove(each.key); !gone) return gone.error();
    more = page->more;
  }
  return {};
}

result<void> images::remove_files(const uuid& listing, std::span<const uuid> ids, std::span<const std::string> names) {
  std::set<std::string> prefixes;
  for (const std::string& name : names) prefixes.insert(properties::media_prefix(listing) + name + '-');
  for (const uuid& id : ids) {
    const auto facts = table::find<to_image>(table_, key_of(id), table::consistency::strong);
    if (!facts) return facts.error();
    if (*facts) prefixes.insert(properties::media_prefix(listing, file_name_of(**facts)));
    if (const auto gone = bucket_.remove(original_key(listing, id)); !gone) return gone.error();
  }
  for (const std::string& prefix : prefixes)
    if (const auto gone = remove_prefix(prefix); !gone) return gone.error();
  for (const uuid& id : ids) {
    const auto written = table_.write({table::remove{key_of(id), {}}, table::remove{likeness_key(id), {}}});
    if (!written) return written.error();
  }
  return {};
}

result<void> images::remove_all_of(const uuid& owner, instant deadline) {
  std::set<uuid> listings;
  std::vector<table::key> keys;
  table::query rows = rows_of(owner);
  for (bool more = true; more;) {
    const auto visited = table_.visit_index(rows, [&](const table::row& row) {
      rows.after = table::position{std::string(row.sort_key), {std::string(row.key.pk), std::string(row.key.sk)}};
      keys.push_back(rows.after->key);
      if (const auto listing = listing_on(row.card)) listings.insert(*listing);
      return true;
    });
    if (!visited) return visited.error();
    more = *visited;
  }
  for (const uuid& listing : listings) {
    const auto empty_it = [&](const property& before) -> result<std::optional<images_revision>> {
      const std::vector<listing_image> all = before.images.images();
      if (all.empty() || before.user_id != owner) return std::optional<images_revision>();
      return std::optional(images_revision{{}, {enqueue_removal(gone_of(listing, all), clock_.now())}});
    };
    const auto done = listings_.progress_images(listing, deadline, empty_it);
    if (!done && done.error().kind != error_kind::not_found) return done.error();
  }
  // What is in no listing, since a process ended between the two.
  for (const table::key& key : keys) {
    const auto facts = table::find<to_image>(table_, key, table::consistency::strong);
    if (!facts) return facts.error();
    if (!*facts) continue;
    const uuid ids[] = {(*facts)->id};
    if (const auto gone = remove_files((*facts)->property_id, ids, {}); !gone) return gone;
  }
  const auto uncounted = table_.write({table::remove{upload_counts_key(owner), {}}});
  if (!uncounted) return uncounted.error();
  bell_.ring();
  return {};
}

result<table::export_place> images::export_page(const uuid& owner, const std::optional<table::position>& after,
                                                table::export_sink add) {
  const auto itself = [](const table::key& row) { return row; };
  const auto show = [](record::item_view stored) -> result<std::string> {
    std::string out;
    record::append_object(out, image::fields(), stored, record::on_show);
    return out;
  };
  return table::export_rows(table_, rows_of(owner), after, itself, show, add);
}

}  // namespace spaces::images
