/// How many bytes a person uploads: counted in the transaction that announces a picture, so that the bound holds
/// whatever happens at the same time. An item of its own.
#pragma once

#include "marketplace/roles/user_type.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace spaces::images {

/// Bytes that one person may upload in 24 hours.
struct upload_limits {
  /// Ten listings of forty photographs of 5 MB.
  std::int64_t seller = std::int64_t{2'000} * 1024 * 1024;
  /// An agency moves in with its stock.
  std::int64_t agent = std::int64_t{20'000} * 1024 * 1024;

  std::int64_t of(const caller& who) const { return type_of(who) == user_type::agent ? agent : seller; }
};

/// The day of a person's bound begins with the first picture after the last such day.
inline constexpr std::chrono::hours upload_day{24};

/// A number that only grows, because a transaction adds to one attribute of an item, and what it was when the person's
/// day began. What was announced counts, whether it came or not.
struct upload_counts {
  std::int64_t bytes = 0;
  std::int64_t bytes_before = 0;     ///< this day
  std::optional<instant> day_began;  ///< empty: there is no count yet

  bool day_is_over(instant now) const { return !day_began || now >= *day_began + upload_day; }
};

/// USER#id / UPLOADS.
table::key upload_counts_key(const uuid& owner);
upload_counts to_upload_counts(const std::optional<record::item>& stored);

/// What counts so many more, on the condition that the person may upload them; `counts` as read a moment ago.
table::operation count_upload(const uuid& owner, const upload_counts& counts, std::int64_t a_day, std::int64_t bytes,
                              instant now);

/// Why so many more may not be uploaded: `limited` until the day is over; nothing where they may.
result<void> may_upload(const upload_counts& counts, std::int64_t a_day, std::int64_t bytes, instant now);

}  // namespace spaces::images
