#include "marketplace/images/inspection.hpp"

#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace spaces::images {

namespace {

using properties::listing_image;
using properties::property;

bool is_listing(table::key_view key) { return key.pk.starts_with("PROPERTY#") && key.sk == "DETAILS"; }

/// The files below a listing's prefix, by key, with their bytes.
result<std::map<std::string, std::uint64_t>> files_of(bucket::object_store& bucket, const uuid& listing) {
  std::map<std::string, std::uint64_t> files;
  std::string after;
  for (bool more = true; more;) {
    const auto page = bucket.list(properties::media_prefix(listing), after, bucket::list_objects_max);
    if (!page) return page.error();
    for (const bucket::listed_object& each : page->objects) files.emplace(each.key, each.bytes);
    more = page->more && !page->objects.empty();
    if (more) after = page->objects.back().key;
  }
  return files;
}

std::set<std::string> named_by(const property& listing) {
  std::set<std::string> keys;
  for (const listing_image& image : listing.images.images())
    for (const properties::image_source& file : image.sources)
      keys.insert(properties::media_key(listing.id, image.name, file.type, file.width));
  return keys;
}

}  // namespace

result<void> walk_pictures(table::single_table& table, function_ref<bool(const property&)> visit) {
  return table.walk(std::nullopt, [&](table::key_view key, record::item_view item) {
    if (!is_listing(key)) return true;
    const auto listing = properties::to_property(item);
    // What is damaged is for spaces check to name.
    return !listing || listing->images.empty() || visit(*listing);
  });
}

result<std::vector<std::string>> missing_files(bucket::object_store& bucket, const property& listing) {
  const auto files = files_of(bucket, listing.id);
  if (!files) return files.error();
  std::vector<std::string> missing;
  for (const std::string& key : named_by(listing))
    if (!files->contains(key)) missing.push_back(key);
  return missing;
}

result<media_counts> inspect_media(table::single_table& table, bucket::object_store& bucket,
                                   function_ref<void(std::string_view key, std::string_view what)> found,
                                   function_ref<bool(const media_counts& so_far)> progress) {
  media_counts counts;
  counts.complete = true;
  result<void> looked;
  const auto walked = walk_pictures(table, [&](const property& listing) {
    const auto files = files_of(bucket, listing.id);
    if (!files) return looked = files.error(), false;
    ++counts.listings;
    for (const listing_image& image : listing.images.images())
      ++counts.by_status[static_cast<std::size_t>(image.status)];
    const std::set<std::string> named = named_by(listing);
    for (const std::string& key : named) {
      if (files->contains(key)) continue;
      ++counts.missing;
      found(key, "is named by its listing and is not there");
    }
    for (const auto& [key, bytes] : *files) {
      ++counts.files;
      counts.bytes += bytes;
      if (named.contains(key)) continue;
      ++counts.unnamed;
      found(key, "is there and named by no listing");
    }
    return counts.complete = progress(counts);
  });
  if (!looked) return looked.error();
  if (!walked) return walked.error();
  return counts;
}

}  // namespace spaces::images
