#include "platform/aws/environment.hpp"

#include "platform/aws/credential_sources.hpp"
#include "platform/aws/sdk_settings.hpp"

#include <utility>

namespace spaces::aws {

environment::environment(variables of, aws::profile chosen, endpoint_place place, retry_policy retries,
                         http::client& client, const clock& clock)
    : variables_(std::move(of)),
      profile_(std::move(chosen)),
      place_(std::move(place)),
      retries_(retries),
      roles_(
          client, clock, place_.region, [this] { return endpoint(token_service_name); }, retries_),
      credentials_(all_places(client), clock) {}

std::unique_ptr<credentials_source> environment::all_places(http::client& client) const {
  std::vector<std::unique_ptr<credentials_source>> places;
  places.push_back(environment_credentials(variables_));
  places.push_back(web_identity_credentials(variables_, roles_));
  places.push_back(profile_credentials(variables_, client, roles_));
  places.push_back(container_credentials(variables_, client));
  places.push_back(machine_credentials(variables_, client));
  return first_of(std::move(places));
}

result<std::unique_ptr<environment>> environment::read(variables of, http::client& client, const clock& clock) {
  auto chosen = profile::read(of);
  if (!chosen) return setting_error(chosen.error().problems.front().detail);
  auto place = read_place(of, *chosen);
  if (!place) return place.error();
  const auto retries = read_retries(of, *chosen);
  if (!retries) return retries.error();
  return std::make_unique<environment>(std::move(of), *std::move(chosen), *std::move(place), *retries, client, clock);
}

result<std::string> environment::endpoint(const service_name& service) const {
  return find_endpoint(service, place_, variables_, profile_);
}

}  // namespace spaces::aws
