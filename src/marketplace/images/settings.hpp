/// How much one person may upload in a day, and how long originals are kept.
#pragma once

#include "marketplace/images/upload_counts.hpp"
#include "platform/base/setting.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace spaces::images {

struct settings {
  upload_limits uploads;
  /// A picture that was prepared wrongly is noticed within days, and can be prepared again as long as its original is
  /// there, which is many times as large as what is shown.
  std::chrono::days originals_kept{7};
};

/// More than anybody's line takes in a day: a bound that is none.
inline constexpr std::int64_t upload_mebibytes_max = 10'000'000;
inline constexpr std::string_view upload_mebibytes_allowed = "25 to 10000000";
/// A picture of the largest size must fit.
inline constexpr std::int64_t upload_mebibytes_min = 25;
inline constexpr int originals_days_max = 3650;

inline bool read_mebibytes(std::int64_t& bytes, std::string_view text) {
  std::int64_t mebibytes = 0;
  if (!setting_value::read_number(mebibytes, text, upload_mebibytes_min, upload_mebibytes_max)) return false;
  bytes = mebibytes * 1024 * 1024;
  return true;
}

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_UPLOADS_A_DAY", "--uploads-a-day", "2000", upload_mebibytes_allowed,
     "MiB of photographs that one seller may upload in 24 hours", false,
     [](settings& into, std::string_view text) { return read_mebibytes(into.uploads.seller, text); }},
    {"SPACES_AGENT_UPLOADS_A_DAY", "--agent-uploads-a-day", "20000", upload_mebibytes_allowed,
     "MiB of photographs that one agent may upload in 24 hours", false,
     [](settings& into, std::string_view text) { return read_mebibytes(into.uploads.agent, text); }},
    {"SPACES_ORIGINALS_DAYS", "--originals-days", "7", "1 to 3650",
     "Days that photographs are kept as they were uploaded, for nobody but preparing them again", false,
     [](settings& into, std::string_view text) {
       int days = 0;
       const bool allowed = setting_value::read_number(days, text, 1, originals_days_max);
       into.originals_kept = std::chrono::days(days);
       return allowed;
     }},
};

}  // namespace spaces::images
