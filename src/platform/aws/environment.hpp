/// What a process's surroundings say about AWS: region, endpoints, credentials; as AWS's SDKs read them.
#pragma once

#include "platform/aws/credentials.hpp"
#include "platform/aws/profile.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/http/client.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace spaces::aws {

/// A service as AWS's settings and endpoints name it.
struct service_name {
  std::string_view endpoint;  ///< of its host: "dynamodb"
  std::string_view variable;  ///< behind AWS_ENDPOINT_URL_: "DYNAMODB"
  std::string_view profile;   ///< in a profile's services: "dynamodb"
};

class environment {
 public:
  /// Reads the variables and the shared files. An error's public text is one sentence: no region, a profile that
  /// is not there. Credentials are looked for when the first call needs them.
  static result<std::unique_ptr<environment>> read(variables of, http::client& client, const clock& clock);

  environment(variables of, aws::profile chosen, std::string region, http::client& client, const clock& clock);

  const std::string& region() const { return region_; }
  credentials_keeper& credentials() { return credentials_; }

  /// The URL to reach a service at: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's, else AWS's own of
  /// the region. `invalid` names the setting that is no URL.
  result<std::string> endpoint(const service_name& service) const;

 private:
  const variables variables_;
  const aws::profile profile_;
  const std::string region_;
  credentials_keeper credentials_;
};

}  // namespace spaces::aws
