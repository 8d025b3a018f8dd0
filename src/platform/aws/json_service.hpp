/// AWS's services that speak JSON over one path: `aws::service` for DynamoDB, Secrets Manager, SSM …
/// https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
#pragma once

#include "platform/aws/environment.hpp"
#include "platform/aws/retry.hpp"
#include "platform/aws/service.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/http/client.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace spaces::aws {

struct json_protocol {
  service_name name;
  std::string_view signing;  ///< its name in signatures
  std::string_view target;   ///< in front of the operation in X-Amz-Target
  std::string_view version;  ///< "1.0" or "1.1"
  /// signed_call.hpp
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

/// All must outlive the service. An error's public text is one sentence about a setting. `retries` are for tests; the
/// surroundings say otherwise.
result<std::unique_ptr<service>> make_json_service(http::client& client, environment& surroundings,
                                                   const json_protocol& protocol, const clock& clock,
                                                   std::optional<retry_policy> retries = std::nullopt);

}  // namespace spaces::aws
