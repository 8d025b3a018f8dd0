/// Where AWS's services are: the endpoints that settings name, else AWS's own of a region.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html, feature-endpoints.html
#pragma once

#include "platform/aws/profile.hpp"
#include "platform/base/error.hpp"

#include <string>
#include <string_view>

namespace spaces::aws {

/// A service as AWS's settings and endpoints name it.
struct service_name {
  std::string_view endpoint;  ///< of its host: "dynamodb"
  std::string_view variable;  ///< behind AWS_ENDPOINT_URL_: "DYNAMODB"
  std::string_view profile;   ///< in a profile's services: "dynamodb"
  /// Endpoints for IPv6, too: "s3.dualstack.REGION.amazonaws.com", where others have "REGION.api.aws".
  bool dualstack_in_host = false;
};

/// The region, and which of its endpoints are wanted.
struct endpoint_place {
  std::string region;
  bool fips = false;       ///< AWS_USE_FIPS_ENDPOINT: cryptography as FIPS 140 has it
  bool dualstack = false;  ///< AWS_USE_DUALSTACK_ENDPOINT: IPv6, too
};

/// The URL to reach a service at: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's, else AWS's own of the
/// region. `invalid` names the setting that is no URL, or that cannot stand beside another: whether an endpoint of
/// another keeps to FIPS nobody can say, so that AWS's SDKs take the two together for a mistake, too.
result<std::string> find_endpoint(const service_name& service, const endpoint_place& place,
                                  const variables& environment, const profile& chosen);

/// AWS's own.
std::string endpoint_of_region(const service_name& service, const endpoint_place& place);

}  // namespace spaces::aws
