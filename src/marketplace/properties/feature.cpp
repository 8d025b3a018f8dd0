#include "marketplace/properties/feature.hpp"

#include "marketplace/properties/routes.hpp"

#include <utility>

namespace spaces::properties {

namespace {

using fate = entity_row::fate;

}  // namespace

opened open(const feature_context& with, const settings& given, std::vector<removal_hook> when_removed) {
  const auto service = std::make_shared<properties>(
      with.table, with.clock, with.store_secret,
      properties_options{.publishers_must_be_verified = with.verified_only, .when_removed = std::move(when_removed)});
  feature made;
  made.name = "properties";
  made.routes = routes(*service, given.public_listings ? http::audience::anyone : http::audience::users);
  made.export_sections = {{"properties", [service](const uuid& user) { return service->export_of(user); }}};
  made.erase = [service](const uuid& user, instant deadline) { return service->withdraw_all(user, deadline); };
  made.entities = {
      {property::name, property::fields(), {"userId"}, fate::withdrawn, "what others wrote about it stays theirs"},
      {"InquiryCounts", {}, {}},
  };
  made.owned = service;
  return {service, std::move(made)};
}

}  // namespace spaces::properties
