#include "marketplace/images/image_jobs.hpp"

#include "marketplace/images/limits.hpp"

namespace spaces::images {

namespace {

using record::value;

constexpr std::string_view listing_attribute = "propertyId";
constexpr std::string_view image_attribute = "imageId";
constexpr std::string_view images_attribute = "imageIds";
constexpr std::string_view names_attribute = "fileNames";

bool is_slow(std::string_view job) { return job == prepare_job || job == finish_job || job == fetch_job; }

error no_picture() { return invalid({{"", "wrong-type", "a job about no picture"}}); }

}  // namespace

table::put enqueue(std::string_view job, const about_image& what, instant now) {
  record::item details;
  details.append(listing_attribute, value::of(std::string_view(to_text(what.listing))));
  details.append(image_attribute, value::of(std::string_view(to_text(what.image))));
  jobs::job made{job, std::move(details)};
  if (job == settle_upload_job) made.delay = upload_wait;
  if (is_slow(job)) made.queue = jobs::queue::slow;
  return jobs::enqueue(made, make_uuid_v7(now), now);
}

result<about_image> read_about_image(record::item_view details) {
  const auto listing = parse_uuid(details.find(listing_attribute).text);
  const auto image = parse_uuid(details.find(image_attribute).text);
  if (!listing || !image) return no_picture();
  return about_image{*listing, *image};
}

table::put enqueue_removal(const gone_images& what, instant now) {
  std::string ids, names;
  for (const uuid& id : what.ids) record::texts_view::append(ids, to_text(id));
  for (const std::string& name : what.names) record::texts_view::append(names, name);
  record::item details;
  details.append(listing_attribute, value::of(std::string_view(to_text(what.listing))));
  details.append(images_attribute, value::of(record::texts_view(ids)));
  details.append(names_attribute, value::of(record::texts_view(names)));
  return jobs::enqueue({remove_files_job, std::move(details)}, make_uuid_v7(now), now);
}

result<gone_images> read_gone_images(record::item_view details) {
  const auto listing = parse_uuid(details.find(listing_attribute).text);
  if (!listing) return no_picture();
  gone_images read{*listing, {}, details.find(names_attribute).texts.to_vector()};
  for (const std::string& text : details.find(images_attribute).texts.to_vector()) {
    const auto id = parse_uuid(text);
    if (!id) return no_picture();
    read.ids.push_back(*id);
  }
  return read;
}

}  // namespace spaces::images
