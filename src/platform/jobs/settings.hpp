/// How long a job is one process's alone.
#pragma once

#include "platform/base/setting.hpp"

#include <chrono>
#include <string_view>

namespace spaces::jobs {

struct settings {
  std::chrono::seconds lease{60};
};

/// Shorter than an e-mail may take, and each would go out twice; longer than a day, and a killed process's jobs are
/// forgotten.
inline constexpr int lease_seconds_max = 86'400;

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_JOB_LEASE", "--job-lease", "60", "1 to 86400 seconds",
     "How long an e-mail or other job is one process's alone; e-mails take up to 30", false,
     [](settings& into, std::string_view text) {
       int seconds = 0;
       const bool allowed = setting_value::read_number(seconds, text, 1, lease_seconds_max);
       into.lease = std::chrono::seconds(seconds);
       return allowed;
     }},
};

}  // namespace spaces::jobs
