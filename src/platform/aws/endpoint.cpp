#include "platform/aws/endpoint.hpp"

#include "platform/aws/iam.hpp"
#include "platform/aws/sdk_settings.hpp"
#include "platform/aws/url.hpp"
#include "platform/base/text.hpp"

#include <utility>

namespace spaces::aws {

std::string endpoint_of_region(const service_name& service, const endpoint_place& place) {
  // GovCloud's common endpoints keep to FIPS themselves, and DynamoDB, S3 and STS have no others there.
  const bool fips_apart = place.fips && !place.region.starts_with("us-gov-");
  std::string host(service.endpoint);
  if (fips_apart || (place.fips && service.dualstack_in_host)) host += "-fips";
  if (place.dualstack && service.dualstack_in_host) host += ".dualstack";
  host += '.';
  host += place.region;
  host += '.';
  if (place.dualstack && !service.dualstack_in_host)
    host += place.region.starts_with("cn-") ? "api.amazonwebservices.com.cn" : "api.aws";
  else
    host += domain_of(place.region);
  return "https://" + host;
}

result<std::string> find_endpoint(const service_name& service, const endpoint_place& place,
                                  const variables& environment, const profile& chosen) {
  const bool ignored = lower_ascii(environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) == "true" ||
                       lower_ascii(chosen.value("ignore_configured_endpoint_urls")) == "true";
  const std::string variable = "AWS_ENDPOINT_URL_" + std::string(service.variable);
  const std::pair<std::string, std::string> places[] = {
      {variable, environment(variable)},
      {"AWS_ENDPOINT_URL", environment("AWS_ENDPOINT_URL")},
      {"endpoint_url of the profile's services", chosen.service_endpoint(service.profile)},
      {"endpoint_url of the profile", chosen.value("endpoint_url")},
  };
  for (const auto& [name, value] : places) {
    if (value.empty() || ignored) continue;
    if (!parse_url(value))
      return setting_error(name + " is \"" + value + "\", which is no URL; one looks like http://127.0.0.1:8000.");
    if (place.fips || place.dualstack) {
      return setting_error(name + " cannot stand beside " +
                           (place.fips ? "AWS_USE_FIPS_ENDPOINT" : "AWS_USE_DUALSTACK_ENDPOINT") +
                           ": they name two endpoints; leave one of them out.");
    }
    return value;
  }
  return endpoint_of_region(service, place);
}

}  // namespace spaces::aws
