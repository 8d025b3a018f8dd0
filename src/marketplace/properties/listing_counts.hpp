/// How many listings a person makes and holds: counted in the transactions that make and delete them, so that the
/// bounds hold whatever happens at the same time. An item of its own; what an operator imports is not counted.
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

namespace spaces::properties {

/// How many one person may make in 24 hours, and hold in all, drafts too.
struct listing_bounds {
  std::int64_t a_day = 0;
  std::int64_t in_all = 0;
};

struct listing_limits {
  /// A seller moves house now and then; a builder sells a street. 200 of the largest listings are 16 MB.
  listing_bounds seller{200, 1'000};
  /// The largest agencies hold some thousands; more come by `spaces import`.
  listing_bounds agent{1'000, 10'000};

  const listing_bounds& of(const caller& who) const { return type_of(who) == user_type::agent ? agent : seller; }
};

/// The day of a person's bound begins with the first listing after the last such day.
inline constexpr std::chrono::hours listing_day{24};

/// Two numbers that only grow, because a transaction adds to one attribute of an item (held are those made and not
/// removed), and how many had been made when the person's day began.
struct listing_counts {
  std::int64_t made = 0;
  std::int64_t removed = 0;
  std::int64_t made_before = 0;      ///< this day
  std::optional<instant> day_began;  ///< empty: what the person has was not counted yet

  std::int64_t held() const { return made - removed; }
  bool day_is_over(instant now) const { return !day_began || now >= *day_began + listing_day; }
};

/// USER#id / LISTINGS.
table::key listing_counts_key(const uuid& owner);

listing_counts to_listing_counts(const std::optional<record::item>& stored);

/// What counts one more, on the condition that the person may make it; `counts` as read a moment ago, `held` of one
/// who was not counted yet.
table::operation count_made(const uuid& owner, const listing_counts& counts, const listing_bounds& bounds, instant now,
                            std::int64_t held);
/// What counts one less.
table::operation count_removed(const uuid& owner, instant now);

/// Why one more may not be made: `limited` until the day is over, or `conflict`; nothing where it may.
result<void> may_make_another(const listing_counts& counts, std::int64_t held, const listing_bounds& bounds,
                              instant now);

}  // namespace spaces::properties
