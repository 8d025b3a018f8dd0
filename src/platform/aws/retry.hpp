/// When a failed call is tried again, and how often: the three modes of AWS's SDKs.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include "platform/aws/limits.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace spaces::aws {

enum class retry_mode : std::uint8_t {
  standard,  ///< retries are paid from a budget (retry_budget.hpp)
  adaptive,  ///< the same, and fewer are sent while the service throttles (send_rate.hpp)
  legacy,    ///< five tries and no budget, as the SDKs had it before
};

struct retry_policy {
  retry_mode mode = retry_mode::standard;
  int tries_max = aws::tries_max;  ///< the first included
  std::chrono::milliseconds base = backoff_base;
  std::chrono::milliseconds most = backoff_max;
};

/// Before the next try, after so many: any time from none to `base`, to twice that after each further try, and never
/// over `most` ("full jitter"), so that callers who failed together do not come back together.
std::chrono::milliseconds pause_after(int tries, const retry_policy& policy, std::minstd_rand& random);

}  // namespace spaces::aws
