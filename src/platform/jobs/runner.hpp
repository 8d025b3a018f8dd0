/// Does the jobs that are due.
///
/// At least once: a job is gone from the table only when its handler succeeded, so each handler must be
/// repeatable. A process that takes a job first counts the try and writes down until when the job is theirs, on the
/// condition that nobody else did: two processes do not usually do one at the same time, and what a killed one had
/// taken is taken again when its lease ends.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/deadline.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/telemetry/log.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace spaces::jobs {

struct retry_policy {
  /// How long a job is one process's alone. Longer than the slowest handler: an e-mail takes 30 s at most
  /// (mail/smtp).
  std::chrono::milliseconds lease = std::chrono::seconds{60};
  /// Before the second try; doubled with each further one, up to `pause_max`, and each spread by a quarter
  /// either way, so that what failed together does not come back together.
  std::chrono::milliseconds first_pause = std::chrono::seconds{1};
  /// A mail server that was away for a day is noticed within the hour.
  std::chrono::milliseconds pause_max = std::chrono::hours{1};
  /// Then it is kept as failed. With these pauses it is 4.5 days: RFC 5321, 4.5.4.1, asks for 4 to 5.
  std::int64_t tries_max = 120;
  /// How long a failed one is kept for the operator; there may be an address in it.
  std::chrono::hours failed_kept{24 * 30};
};

/// Jobs that one pass looks at: jobs that nothing can be done for must not be walked over every second
/// without a bound.
inline constexpr std::size_t pass_rows_max = 1000;

/// `details` holds the attributes that were given to `asked`, among the job's own. `unavailable`: whatever
/// does jobs of this kind is down, and the pass leaves the others of the kind alone. `limited`,
/// `storage_full`, `conflict` and `internal`: this one again later. Any other error is for good.
using handler = std::function<result<void>(const uuid& job, record::item_view details)>;

struct drained {
  std::size_t done = 0;
  std::size_t put_off = 0;
  std::size_t failed = 0;
};

class runner {
 public:
  /// Everything handed in outlives it. It does the jobs of one queue.
  runner(table::single_table& table, const clock& clock, const telemetry::log& log, retry_policy retries = {},
         queue which = queue::quick);

  /// Those of this queue.
  queue does() const { return queue_; }

  /// Before the first drain. Jobs of kinds that have no handler are left to processes that have one.
  void handle(std::string_view kind, handler does);

  /// Does what is due, in the order of when, and returns when nothing is left that it can do, at `until`,
  /// or when told to stop; a handler that runs is not cut short. Thread-safe.
  result<drained> drain(deadline_time until, const std::stop_token& stop = {});

 private:
  struct taken;
  result<drained> pass(deadline_time until, const std::stop_token& stop);
  result<void> look_for_earlier();
  /// Empty when somebody else has it, or it was done.
  result<std::optional<taken>> take(const std::string& place, record::item item);
  result<void> carry_out(const taken& job) const;
  /// The outcome enters the table on the condition that it is still ours.
  result<void> finish(const taken& job, const result<void>& outcome, drained& counts);
  result<void> put_off(const taken& job, const error& why);
  result<void> give_up(const taken& job, const error& why);
  result<table::outcome> move(const taken& job, table::key place, record::item item);
  std::chrono::milliseconds pause_after(std::int64_t tries) const;

  table::single_table& table_;
  const clock& clock_;
  const telemetry::log& log_;
  const retry_policy retries_;
  const queue queue_;
  std::map<std::string, handler, std::less<>> handlers_;
  std::atomic<std::chrono::steady_clock::rep> next_look_ = std::numeric_limits<std::chrono::steady_clock::rep>::min();
};

/// Rung by the one who wrote a job that is due immediately. Thread-safe.
class bell {
 public:
  void ring();
  /// Until it rings (also when it did since the last wait), the time is over, or `stop`.
  void wait(std::chrono::milliseconds at_most, const std::stop_token& stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any rang_;
  bool ringing_ = false;
};

}  // namespace spaces::jobs
