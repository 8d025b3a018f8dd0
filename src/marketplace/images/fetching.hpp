/// Outside pictures of imports, fetched from where they are and prepared as if they had been uploaded. An import asks
/// for it by a job for each listing (properties::fetch_images_job); it asks for one for each picture. Whose server an
/// address names is a stranger's choice: the client that is handed in calls public addresses alone, of those that it
/// resolved itself, and what leads elsewhere is looked at anew.
#pragma once

#include "marketplace/images/image_jobs.hpp"
#include "marketplace/images/preparing.hpp"
#include "marketplace/properties/properties.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/feature/feature.hpp"
#include "platform/http/client.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/table/table.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace spaces::images {

/// A client for one picture: of connections nothing is kept.
using client_maker = std::function<result<std::unique_ptr<http::client>>()>;

class fetching {
 public:
  /// Everything handed in outlives it.
  fetching(table::single_table& table, const clock& clock, bucket::object_store& bucket,
           properties::properties& listings, preparing& prepares, client_maker make_client, jobs::bell& slow_bell);

  /// Asks for each outside picture of a listing.
  result<void> ask_for_all(const uuid& listing);

  /// Fetches one and prepares it; until it is ready, and where it cannot be, its address is shown as it was. `invalid`
  /// where it never can be.
  result<void> fetch(const about_image& what, std::int64_t tries);

 private:
  result<image> facts_for(const uuid& listing, const uuid& owner, const properties::listing_image& picture,
                          const std::string& bytes);

  table::single_table& table_;
  const clock& clock_;
  bucket::object_store& bucket_;
  properties::properties& listings_;
  preparing& prepares_;
  client_maker make_client_;
  jobs::bell& slow_bell_;
};

/// GET, through at most `redirects_max` answers that lead elsewhere. `invalid` for what will be no better the next time
/// (400 to 499, no address, too large), `conflict` for what may.
result<std::string> fetch_bytes(http::client& web, std::string url);

/// Who does these.
std::vector<job_row> fetching_jobs(fetching& service);

}  // namespace spaces::images
