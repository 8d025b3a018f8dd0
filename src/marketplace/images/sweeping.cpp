#include "marketplace/images/sweeping.hpp"

#include "marketplace/images/limits.hpp"
#include "marketplace/properties/property.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace spaces::images {

namespace {

using properties::image_source;
using properties::image_status;
using properties::listing_image;
using record::value;

constexpr std::string_view after_attribute = "after";
constexpr std::string_view began_attribute = "began";

table::key place_key() { return {"SWEEP", "MEDIA"}; }

/// The listing that must name an object; empty for one that is none of a picture's.
std::optional<uuid> listing_of(std::string_view key) {
  if (const auto file = properties::read_media_key(key)) return file->listing;
  if (const auto original = read_original_key(key)) return original->listing;
  return std::nullopt;
}

bool names_file(const uuid& listing, const std::vector<listing_image>& images, std::string_view key) {
  return std::ranges::any_of(images, [&](const listing_image& image) {
    return std::ranges::any_of(image.sources, [&](const image_source& file) {
      return properties::media_key(listing, image.name, file.type, file.width) == key;
    });
  });
}

bool keeps_original(const std::vector<listing_image>& images, const uuid& id, bool is_new) {
  const auto found = std::ranges::find(images, id, &listing_image::id);
  if (found == images.end() || found->status == image_status::refused) return false;
  return found->status != image_status::ready || is_new;
}

}  // namespace

result<sweeping::place> sweeping::read_place() {
  const auto stored = table_.get(place_key(), table::consistency::strong);
  if (!stored) return stored.error();
  if (!*stored) return place{};
  return place{std::string((*stored)->find(after_attribute).text),
               parse_instant((*stored)->find(began_attribute).text).value_or(instant{})};
}

result<void> sweeping::keep(const place& where) {
  record::item made;
  made.append(table::name::entity_type, value::of(std::string_view("MediaSweep")));
  made.append(after_attribute, value::of(std::string_view(where.after)));
  made.append(began_attribute, value::of(std::string_view(to_text(where.began))));
  const auto written = table_.write({table::put{place_key(), std::move(made), {}}});
  if (!written) return written.error();
  return {};
}

result<sweep_counts> sweeping::sweep_some(deadline_time until, const std::stop_token& stop) {
  sweep_counts counts;
  auto where = read_place();
  if (!where) return where.error();
  if (where->after.empty()) {
    if (clock_.now() - where->began < sweep_interval) return counts;
    where->began = clock_.now();
  }
  while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) {
    if (const auto done = step(where->after, false, counts); !done) return done.error();
    if (const auto kept = keep(*where); !kept) return kept.error();
    if (where->after.empty()) {
      counts.complete = true;
      break;
    }
  }
  return counts;
}

result<sweep_counts> sweeping::sweep_all(bool only_look,
                                         const std::function<bool(const sweep_counts& so_far)>& progress) {
  sweep_counts counts;
  std::string after;
  do {
    if (const auto done = step(after, only_look, counts); !done) return done.error();
    if (!progress(counts)) return counts;
  } while (!after.empty());
  counts.complete = true;
  return counts;
}

result<void> sweeping::step(std::string& after, bool only_look, sweep_counts& counts) {
  const auto page = bucket_.list("", after, sweep_page);
  if (!page) return page.error();
  const auto kept = named(page->objects, counts);
  if (!kept) return kept.error();
  for (std::size_t i = 0; i < page->objects.size(); ++i) {
    ++counts.examined;
    if ((*kept)[i]) continue;
    if (!only_look)
      if (const auto gone = bucket_.remove(page->objects[i].key); !gone) return gone;
    ++counts.removed;
    counts.bytes += page->objects[i].bytes;
  }
  after = page->more && !page->objects.empty() ? page->objects.back().key : "";
  return {};
}

/// Whether each is to stay.
result<std::vector<bool>> sweeping::named(const std::vector<bucket::listed_object>& objects, sweep_counts& counts) {
  // Of a listing that cannot be read nobody knows what it names: empty, and all of it stays.
  std::map<uuid, std::optional<std::vector<listing_image>>> listings;
  for (const bucket::listed_object& each : objects)
    if (const auto listing = listing_of(each.key)) listings[*listing];
  std::vector<table::key> keys;
  keys.reserve(listings.size());
  for (const auto& [id, images] : listings) keys.push_back(properties::key_of(id));
  const auto items = table_.read_batch(keys, table::consistency::strong);
  if (!items) return items.error();
  std::size_t at = 0;
  for (auto& [id, images] : listings) {
    const std::optional<record::item>& stored = (*items)[at++];
    if (!stored) images.emplace();
    if (const auto listing = stored ? properties::to_property(stored->view()) : std::nullopt)
      images = listing->images.images();
  }
  std::vector<bool> kept;
  for (const bucket::listed_object& each : objects) {
    const auto listing = listing_of(each.key);
    if (!listing) ++counts.foreign;
    const auto age = clock_.now() - each.modified;
    bool stays = !listing || age < unnamed_age_min || !listings[*listing];
    if (const auto original = read_original_key(each.key); original && !stays)
      stays = keeps_original(*listings[*listing], original->image, age < originals_kept_);
    else if (!stays)
      stays = names_file(*listing, *listings[*listing], each.key);
    kept.push_back(stays);
  }
  return kept;
}

}  // namespace spaces::images
