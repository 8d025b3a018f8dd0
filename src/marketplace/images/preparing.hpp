/// From an upload to what is shown: jobs that have a worker check and prepare it (platform/picture), put the files into
/// the bucket and name them in the listing. Each may be done again at any point: files have the same names each time,
/// and what a listing says is changed in one write with what is to be done next.
#pragma once

#include "marketplace/images/alike_report.hpp"
#include "marketplace/images/image.hpp"
#include "marketplace/images/image_jobs.hpp"
#include "marketplace/properties/properties.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/feature/feature.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/picture/preparer.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace spaces::images {

class preparing {
 public:
  /// Everything handed in outlives it.
  preparing(table::single_table& table, const clock& clock, bucket::object_store& bucket,
            properties::properties& listings, picture::preparer& preparer, jobs::bell& slow_bell);

  /// Makes JPEG and WebP of an upload: it is ready then, or refused with a reason. `tries`: how often it was tried,
  /// this time included; after `prepare_tries_max` it is refused whatever it fails for.
  result<void> prepare(const about_image& what, std::int64_t tries);

  /// The same of an outside picture that was fetched (images/fetching.hpp): it stays an address where it is refused,
  /// which is `invalid`.
  result<void> prepare_outside(const image& facts, std::int64_t tries);

  /// Makes the files of a ready picture again, under the names that they have: where some are missing. False where its
  /// original is not kept any more.
  result<bool> remake(const about_image& what);

  /// Adds AVIF to what is ready, and reports who else shows the same picture.
  result<void> finish(const about_image& what, std::int64_t tries);

 private:
  result<std::optional<image>> facts_of(const about_image& what);
  result<std::optional<properties::listing_image>> listed(const about_image& what);
  result<picture::prepared> made_of(const image& facts, picture::stage stage);
  result<void> put_files(const image& facts, const std::vector<picture::file>& files);
  result<void> show(const image& facts, const picture::prepared& made, properties::image_status before);
  result<void> add_sources(const image& facts, const picture::prepared& made);
  result<void> refuse(const about_image& what, std::string reason);
  /// Removes what was put for a picture that is gone meanwhile.
  result<void> clean(const image& facts);
  result<void> compare(const image& facts);

  table::single_table& table_;
  const clock& clock_;
  bucket::object_store& bucket_;
  properties::properties& listings_;
  picture::preparer& preparer_;
  jobs::bell& slow_bell_;
  alike_reports alike_;
};

/// Who does these.
std::vector<job_row> preparing_jobs(preparing& service);

}  // namespace spaces::images
