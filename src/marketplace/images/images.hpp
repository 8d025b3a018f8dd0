/// Photographs of listings: who adds, orders, describes and removes them, and how they get from a client into the
/// bucket. What becomes of an upload is done by jobs (images/preparing.hpp).
#pragma once

#include "marketplace/images/image.hpp"
#include "marketplace/images/upload_counts.hpp"
#include "marketplace/properties/properties.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/expected_version.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/record/read.hpp"
#include "platform/table/idempotency.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::images {

/// A picture as its listing has it, and the listing's version, which is its entity tag.
struct shown_picture {
  uuid listing;
  properties::listing_image picture;
  std::int64_t version = 0;
};

/// One that was announced, and how to send it; without a permission where it has come already.
struct announced {
  shown_picture image;
  std::optional<bucket::upload_permission> upload;
};

/// An order of a listing's pictures, and alternative texts: those that are not named follow as they were. An empty text
/// takes the picture's away, none leaves it.
struct arranged_image {
  uuid id;
  std::optional<std::string> alt;
};

class images {
 public:
  /// Everything handed in outlives it. The bells are rung when a job waits: one that is done in no time, and one that
  /// prepares.
  images(table::single_table& table, const clock& clock, bucket::object_store& bucket, properties::properties& listings,
         jobs::bell& bell, jobs::bell& slow_bell, upload_limits limits);

  /// Announces a picture of the caller's listing: it is listed as awaiting, and the permission to upload it is good for
  /// `upload_lifetime`. Errors as of changing the listing; `conflict` (too-many-images) where it has `images_max`,
  /// `limited` where the caller has uploaded too much today. With an idempotency key that was used for the same
  /// request: the picture of then, as it is now, and a new permission as long as it awaits its upload.
  result<announced> announce(const caller& who, const uuid& listing, const record::draft<image>& request,
                             const std::optional<table::idempotent_request>& idempotency, instant deadline);

  /// The client has uploaded it: it is prepared, and the answer does not wait for that. Once more changes nothing.
  /// `conflict` (image-not-uploaded) where nothing has come, `not_found` for no such picture.
  result<shown_picture> uploaded(const caller& who, const uuid& listing, const uuid& id, instant deadline);
  /// The same, told by the bucket; empty for a key that is no original of a picture, or of one that is gone.
  result<std::optional<shown_picture>> arrived(std::string_view key, instant deadline);

  /// Puts these first, in this order. `invalid` for what is no picture of the listing, or given twice.
  result<properties::property> arrange(const caller& who, const uuid& listing, std::span<const arranged_image> order,
                                       const expected_version& expected, instant deadline);

  /// Removes one with all its files.
  result<void> remove(const caller& who, const uuid& listing, const uuid& id, const expected_version& expected,
                      instant deadline);

  // ---- Repeatable, by jobs.

  /// Looks after an upload that nobody reported: prepared where it came after all, else forgotten.
  result<void> settle_upload(const uuid& listing, const uuid& id, instant deadline);
  /// Removes the files of pictures that are in no listing any more, and what is known of them.
  result<void> remove_files(const uuid& listing, std::span<const uuid> ids, std::span<const std::string> names);
  /// Removes every picture of somebody who left from the listings that stay.
  result<void> remove_all_of(const uuid& owner, instant deadline);

  /// Every picture of somebody, from behind `after`, until `add` takes no more.
  result<table::export_place> export_page(const uuid& owner, const std::optional<table::position>& after,
                                          table::export_sink add);

 private:
  result<announced> try_to_announce(const caller& who, const image& made, const upload_counts& counts,
                                    const std::optional<table::idempotent_request>& idempotency, instant deadline,
                                    bool& again);
  result<announced> refused_or_announced(error why, const std::optional<table::idempotent_request>& idempotency);
  result<std::optional<bucket::upload_permission>> permission_for(const image& of, properties::image_status status);
  result<bool> has_come(const uuid& listing, const uuid& id);
  result<void> remove_prefix(const std::string& prefix);

  table::single_table& table_;
  const clock& clock_;
  bucket::object_store& bucket_;
  properties::properties& listings_;
  jobs::bell& bell_;
  jobs::bell& slow_bell_;
  upload_limits limits_;
};

/// What is written when a listing is removed: the job that removes its pictures' files (properties_options).
std::vector<table::operation> remove_when_removed(const properties::property& gone, instant now);

}  // namespace spaces::images
