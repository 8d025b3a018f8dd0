#include "marketplace/properties/feature.hpp"

#include "marketplace/properties/emails.hpp"
#include "marketplace/properties/problems.hpp"
#include "marketplace/properties/routes.hpp"

#include <iterator>
#include <memory>
#include <utility>

namespace spaces::properties {

namespace {

using fate = entity_row::fate;

}  // namespace

opened open(const feature_context& with, const settings& given, std::vector<removal_hook> when_removed,
            recipient_of find) {
  const auto service =
      std::make_shared<properties>(with.table, with.clock, with.store_secret,
                                   properties_options{.publishers_must_be_verified = with.verified_only,
                                                      .when_removed = std::move(when_removed),
                                                      .when_decided = &enqueue_decision_email,
                                                      .limits = given.limits,
                                                      .media_url = with.media_url});
  const auto views = std::make_shared<listing_views>(*service, with.media_url);
  feature made;
  made.name = "properties";
  made.routes = routes(*service, *views, given.public_listings ? http::audience::anyone : http::audience::users);
  made.problems = {std::begin(problems::all), std::end(problems::all)};
  made.jobs = email_jobs(with.mailer, with.site, std::move(find));
  made.export_sections = {{"properties", [service](const uuid& user, const auto& after, table::export_sink add) {
                             return service->export_page(user, after, add);
                           }}};
  made.erase = [service](const uuid& user, instant deadline) { return service->withdraw_all(user, deadline); };
  made.entities = {
      {property::name, property::fields(), {"userId"}, fate::withdrawn, "what others wrote about it stays theirs"},
      {"InquiryCounts", {}, {}},
      {"ListingCounts", {}, {}},
  };
  made.periodics = {{.name = "city-keys", .every = std::chrono::seconds{30}, .run = [service](auto until, auto& stop) {
                       return service->keys_of_cities().remake_some(until, stop);
                     }}};
  made.owned = std::make_shared<std::pair<decltype(service), decltype(views)>>(service, views);
  return {service, std::move(made)};
}

}  // namespace spaces::properties
