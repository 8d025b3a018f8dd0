/// What a process's surroundings say about AWS: region, endpoints, credentials; as AWS's SDKs read them.
#pragma once

#include "platform/aws/credentials.hpp"
#include "platform/aws/endpoint.hpp"
#include "platform/aws/profile.hpp"
#include "platform/aws/retry.hpp"
#include "platform/aws/token_service.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/http/client.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace spaces::aws {

class environment {
 public:
  /// Reads the variables and the shared files. An error's public text is one sentence: no region, a profile that
  /// is not there, a setting that cannot be. Credentials are looked for when the first call needs them.
  static result<std::unique_ptr<environment>> read(variables of, http::client& client, const clock& clock);

  environment(variables of, aws::profile chosen, endpoint_place place, retry_policy retries, http::client& client,
              const clock& clock);
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;

  const std::string& region() const { return place_.region; }
  credentials_keeper& credentials() { return credentials_; }
  /// AWS_RETRY_MODE and AWS_MAX_ATTEMPTS, or the profile's.
  const retry_policy& retries() const { return retries_; }

  /// The URL of a service (endpoint.hpp).
  result<std::string> endpoint(const service_name& service) const;
  /// AWS's own of the region, whatever the settings name.
  std::string own_endpoint(const service_name& service) const { return endpoint_of_region(service, place_); }

 private:
  std::unique_ptr<credentials_source> all_places(http::client& client) const;

  const variables variables_;
  const aws::profile profile_;
  const endpoint_place place_;
  const retry_policy retries_;
  const token_service roles_;
  credentials_keeper credentials_;
};

}  // namespace spaces::aws
