#include "marketplace/images/feature.hpp"

#include "marketplace/images/alike_report.hpp"
#include "marketplace/images/image_jobs.hpp"
#include "marketplace/images/preparing.hpp"
#include "marketplace/images/problems.hpp"
#include "marketplace/images/routes.hpp"
#include "marketplace/images/sweeping.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace spaces::images {

namespace {

using fate = entity_row::fate;

struct services {
  services(const feature_context& with, const settings& given, std::shared_ptr<properties::properties> of,
           preparing_means means)
      : listings(std::move(of)),
        adding(with.table, with.clock, with.bucket, *listings, with.bell, with.slow_bell, given.uploads),
        views{adding, *listings, with.media_url + '/'},
        sweeps(with.table, with.clock, with.bucket, given.originals_kept) {
    if (!means.preparer) return;
    prepares.emplace(with.table, with.clock, with.bucket, *listings, *means.preparer, with.slow_bell);
    fetches.emplace(with.table, with.clock, with.bucket, *listings, *prepares, std::move(means.make_client),
                    with.slow_bell);
  }

  std::shared_ptr<properties::properties> listings;
  images adding;
  image_views views;
  sweeping sweeps;
  std::optional<preparing> prepares;
  std::optional<fetching> fetches;
};

job_row settling_job(images& service, const clock& clock) {
  return {settle_upload_job, [&service, &clock](const uuid&, record::item_view details) -> result<void> {
            const auto what = read_about_image(details);
            if (!what) return what.error();
            return service.settle_upload(what->listing, what->image, clock.now() + std::chrono::seconds{20});
          }};
}

job_row removing_job(images& service) {
  return {remove_files_job, [&service](const uuid&, record::item_view details) -> result<void> {
            const auto gone = read_gone_images(details);
            if (!gone) return gone.error();
            return service.remove_files(gone->listing, gone->ids, gone->names);
          }};
}

std::vector<entity_row> entities() {
  return {
      {image::entity_name, image::fields(), {"userId"}},
      {"Likeness", {}, {}},
      {"UploadCounts", {}, {}},
      {"MediaSweep", {}, {}},
      {"AlikeReport", alike_report::fields(), {"userId", "otherUserId"}, fate::kept, "an operator looks into it"},
  };
}

}  // namespace

opened open(const feature_context& with, const settings& given, std::shared_ptr<properties::properties> listings,
            bool public_listings, preparing_means means) {
  const auto owned = std::make_shared<services>(with, given, std::move(listings), std::move(means));
  feature made;
  made.name = "images";
  made.routes = routes(owned->views, public_listings ? http::audience::anyone : http::audience::users);
  made.problems = {std::begin(problems::all), std::end(problems::all)};
  made.jobs = {settling_job(owned->adding, with.clock), removing_job(owned->adding)};
  if (owned->prepares) std::ranges::move(preparing_jobs(*owned->prepares), std::back_inserter(made.jobs));
  if (owned->fetches) std::ranges::move(fetching_jobs(*owned->fetches), std::back_inserter(made.jobs));
  made.export_sections = {{"images", [owned](const uuid& user, const auto& after, table::export_sink add) {
                             return owned->adding.export_page(user, after, add);
                           }}};
  made.erase = [owned](const uuid& user, instant deadline) { return owned->adding.remove_all_of(user, deadline); };
  made.entities = entities();
  made.periodics = {{.name = "media-sweep", .every = std::chrono::minutes{10}, .run = [owned](auto until, auto& stop) {
                       const auto swept = owned->sweeps.sweep_some(until, stop);
                       return swept ? result<void>() : result<void>(swept.error());
                     }}};
  made.owned = owned;
  return {{owned, &owned->adding}, std::move(made)};
}

}  // namespace spaces::images
