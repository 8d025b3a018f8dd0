/// DynamoDB's failures as this program's errors, and the pauses between tries that they ask for.
#pragma once

#include "platform/aws/service.hpp"
#include "platform/base/deadline.hpp"
#include "platform/base/error.hpp"

#include <chrono>
#include <string_view>

namespace spaces::table::dynamodb {

/// A call without a deadline of its own (an operator's command) is given up after this: long enough for a
/// throttled table to recover, short enough to be noticed.
inline constexpr std::chrono::seconds call_time_max{30};

/// For the caller of the table: `doing` says what failed, for the log. Only what DynamoDB answers and what we ask
/// decide: what may pass is `unavailable`; so are missing rights, credentials or a missing table, but `lasting`; a
/// request of ours that it does not understand is `internal`.
error error_of(const aws::failure& failed, std::string_view doing);

/// For an operator: one sentence with the table's name and what to do about it.
error sentence_of(const aws::failure& failed, std::string_view table);

/// Others were in the way (a transaction on the same item, capacity): when to try again. Full jitter, so that
/// those who met do not meet again: a random part of a bound that doubles.
class back_off {
 public:
  back_off() : deadline_(current_deadline(call_time_max)) {}

  /// Waits; false, immediately, where the deadline would have passed by then.
  bool wait();

 private:
  deadline_time deadline_;
  std::chrono::microseconds bound_{5'000};  ///< about one request
};

}  // namespace spaces::table::dynamodb
