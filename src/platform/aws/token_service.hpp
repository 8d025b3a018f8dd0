/// AWS's Security Token Service, as far as credentials come from it: roles, assumed by who has credentials already, or
/// by who has a token of an identity provider (Kubernetes gives its pods one).
/// https://docs.aws.amazon.com/STS/latest/APIReference/
#pragma once

#include "platform/aws/credentials.hpp"
#include "platform/aws/endpoint.hpp"
#include "platform/aws/retry.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/http/client.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace spaces::aws {

inline constexpr service_name token_service_name{"sts", "STS", "sts"};

/// What a role is assumed with.
struct role_request {
  std::string role_arn;
  std::string session_name = {};      ///< shows in CloudTrail; empty: one is made
  std::string external_id = {};       ///< of a role of somebody else's account; empty: none
  std::string duration_seconds = {};  ///< empty: an hour
};

/// Thread-safe. Calls end by the calling thread's deadline and within `refresh_time_max`.
class token_service {
 public:
  /// `endpoint` is asked at each call, so that a wrong setting is told when it matters. All must outlive it.
  token_service(http::client& client, const clock& clock, std::string region,
                std::function<result<std::string>()> endpoint, retry_policy retries);

  /// Signed by `source`. Errors' private texts say what was refused, never a token.
  result<credentials> assume_role(const role_request& role, const credentials& source) const;
  /// Not signed: the token is the proof.
  result<credentials> assume_role_with_web_identity(const role_request& role, std::string_view token) const;

 private:
  result<credentials> request(std::string form, const role_request& role, const credentials* signed_by,
                              std::string_view secret) const;

  http::client& client_;
  const clock& clock_;
  const std::string region_;
  const std::function<result<std::string>()> endpoint_;
  const retry_policy retries_;
};

}  // namespace spaces::aws
