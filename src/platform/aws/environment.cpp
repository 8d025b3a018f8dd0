#include "platform/aws/environment.hpp"

#include "platform/aws/credential_sources.hpp"
#include "platform/aws/iam.hpp"
#include "platform/aws/url.hpp"
#include "platform/base/text.hpp"

#include <utility>

namespace spaces::aws {
namespace {

error sentence(std::string text) {
  error failure;
  failure.kind = error_kind::invalid;
  failure.public_text = std::move(text);
  return failure;
}

std::unique_ptr<credentials_source> all_places(const variables& of, http::client& client) {
  std::vector<std::unique_ptr<credentials_source>> places;
  places.push_back(environment_credentials(of));
  places.push_back(profile_credentials(of));
  places.push_back(container_credentials(of, client));
  places.push_back(machine_credentials(of, client));
  return first_of(std::move(places));
}

}  // namespace

environment::environment(variables of, aws::profile chosen, std::string region, http::client& client,
                         const clock& clock)
    : variables_(std::move(of)),
      profile_(std::move(chosen)),
      region_(std::move(region)),
      credentials_(all_places(variables_, client), clock) {}

result<std::unique_ptr<environment>> environment::read(variables of, http::client& client, const clock& clock) {
  auto chosen = profile::read(of);
  if (!chosen) return sentence(chosen.error().problems.front().detail);
  std::string region = of("AWS_REGION");
  if (region.empty()) region = of("AWS_DEFAULT_REGION");
  if (region.empty()) region = chosen->value("region");
  if (region.empty()) return sentence("No AWS region is set: AWS_REGION names one, for example eu-central-1.");
  if (!is_region(region)) return sentence("AWS_REGION is \"" + region + "\", which is no region's name.");
  return std::make_unique<environment>(std::move(of), *std::move(chosen), std::move(region), client, clock);
}

result<std::string> environment::endpoint(const service_name& service) const {
  const bool ignored = lower_ascii(variables_("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) == "true" ||
                       lower_ascii(profile_.value("ignore_configured_endpoint_urls")) == "true";
  const std::string variable = "AWS_ENDPOINT_URL_" + std::string(service.variable);
  const std::pair<std::string, std::string> places[] = {
      {variable, variables_(variable)},
      {"AWS_ENDPOINT_URL", variables_("AWS_ENDPOINT_URL")},
      {"endpoint_url of the profile's services", profile_.service_endpoint(service.profile)},
      {"endpoint_url of the profile", profile_.value("endpoint_url")},
  };
  for (const auto& [name, value] : places) {
    if (value.empty() || ignored) continue;
    if (parse_url(value)) return value;
    return sentence(std::string(name).append(" is \"").append(value).append(
        "\", which is no URL; one looks like http://127.0.0.1:8000."));
  }
  return "https://" + std::string(service.endpoint) + '.' + region_ + '.' + std::string(domain_of(region_));
}

}  // namespace spaces::aws
