/// Settings of AWS's SDKs that a variable or the profile gives: read once, and refused by name where they cannot be.
#pragma once

#include "platform/aws/endpoint.hpp"
#include "platform/aws/profile.hpp"
#include "platform/aws/retry.hpp"
#include "platform/base/error.hpp"

#include <string>

namespace spaces::aws {

/// `invalid`, with one sentence for people.
error setting_error(std::string sentence);

/// AWS_REGION or AWS_DEFAULT_REGION, else `region` of the profile; AWS_USE_FIPS_ENDPOINT and
/// AWS_USE_DUALSTACK_ENDPOINT, else use_fips_endpoint and use_dualstack_endpoint.
result<endpoint_place> read_place(const variables& environment, const profile& chosen);

/// AWS_RETRY_MODE and AWS_MAX_ATTEMPTS, else retry_mode and max_attempts.
result<retry_policy> read_retries(const variables& environment, const profile& chosen);

}  // namespace spaces::aws
