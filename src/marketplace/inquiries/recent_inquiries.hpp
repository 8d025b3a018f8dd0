/// What one person inquired within the last day, in one item: enough to hold the limits of an hour and of a day
/// wherever the hour or the day begins, and to see one text go to many listings. It is written in the transaction of
/// what it counts, on the condition that nobody wrote it since: so the limits are exact, and what is refused counts for
/// nothing.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/item.hpp"
#include "platform/table/table.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace spaces::inquiries {

/// What one person may send: who looks for a house writes to a few sellers an evening. More is a machine's.
inline constexpr std::size_t inquiries_per_hour_max = 5;
inline constexpr std::size_t inquiries_per_day_max = 20;
/// Listings that one person sends one text to within a day: one greeting for the few houses that are looked at on a
/// Saturday, not for a whole town. The same listing inquired about again, or its question edited, is no further one.
inline constexpr std::size_t listings_per_text_max = 5;
/// An edited message is one more that was sent, so there are as many; it also bounds what is kept.
inline constexpr std::size_t edited_per_day_max = inquiries_per_day_max;

enum class sending : std::uint8_t { inquired = 1, edited = 2 };

/// The same for texts that a reader would take for the same: case, accents and white space aside. The first bytes of
/// their SHA-256: among the forty of one person's day no two that differ will be taken for the same.
using text_mark = std::array<std::uint8_t, 8>;
text_mark mark_of(std::string_view text);

struct sent_message {
  instant at;
  uuid property_id;
  text_mark text{};
  sending how = sending::inquired;
};

class recent_inquiries {
 public:
  /// Of the item; null: nothing was sent. Empty when the item is damaged.
  static std::optional<recent_inquiries> of(const record::item* stored);
  /// The same of a person, with the error for a damaged item.
  static result<recent_inquiries> read(const record::item* stored, const uuid& who);

  /// Whether one more may be sent: `invalid` for the same text too often, `limited`, with the seconds to wait, over the
  /// hour, the day, or the edits of a day.
  result<void> admits(const sent_message& one) const;
  /// With one more, for a transaction of what was admitted: refused when somebody wrote the item since.
  table::put with(const uuid& who, const sent_message& one) const;

 private:
  std::int64_t version_ = 0;        ///< of the item; 0: there is none
  std::int64_t expires_ = 0;        ///< its TTL
  std::vector<sent_message> sent_;  ///< in the order of time
};

/// THROTTLE#inquiries#USER / ASKED.
table::key recent_inquiries_key(const uuid& who);

}  // namespace spaces::inquiries
