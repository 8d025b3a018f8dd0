/// AWS's services that speak JSON over one path: `aws::service` for DynamoDB, Secrets Manager, SSM …
/// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
#pragma once

#include "platform/aws/environment.hpp"
#include "platform/aws/limits.hpp"
#include "platform/aws/service.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/http/client.hpp"

#include <chrono>
#include <memory>
#include <random>
#include <string_view>

namespace spaces::aws {

struct json_protocol {
  service_name name;
  std::string_view signing;  ///< its name in signatures
  std::string_view target;   ///< in front of the operation in X-Amz-Target
  std::string_view version;  ///< "1.0" or "1.1"
  /// So long without a byte and the try is given up. A retry elsewhere is sooner done than a stuck server.
  std::chrono::milliseconds silence_max;
};

/// DynamoDB answers in milliseconds; a second of silence is a server that will not.
inline constexpr json_protocol dynamodb{
    {"dynamodb", "DYNAMODB", "dynamodb"}, "dynamodb", "DynamoDB_20120810", "1.0", std::chrono::milliseconds(1000)};
inline constexpr json_protocol secrets_manager{{"secretsmanager", "SECRETS_MANAGER", "secrets_manager"},
                                               "secretsmanager",
                                               "secretsmanager",
                                               "1.1",
                                               std::chrono::milliseconds(3000)};
inline constexpr json_protocol parameter_store{
    {"ssm", "SSM", "ssm"}, "ssm", "AmazonSSM", "1.1", std::chrono::milliseconds(3000)};

/// For tests; the defaults are limits.hpp's.
struct retry_timing {
  std::chrono::milliseconds base = backoff_base;
  std::chrono::milliseconds most = backoff_max;
};

/// Before the next try, after so many: any time from none to `base`, to twice that after each further try, and never
/// over `most` ("full jitter"), so that callers who failed together do not come back together.
std::chrono::milliseconds pause_after(int tries, const retry_timing& timing, std::minstd_rand& random);

/// All must outlive the service. An error's public text is one sentence about a setting.
result<std::unique_ptr<service>> make_json_service(http::client& client, environment& surroundings,
                                                   const json_protocol& protocol, const clock& clock,
                                                   retry_timing timing = {});

}  // namespace spaces::aws
