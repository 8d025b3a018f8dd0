/// Work that is due again and again, written once: a server has a thread for each, a function does it between events.
#pragma once

#include "platform/base/deadline.hpp"
#include "platform/base/error.hpp"
#include "platform/telemetry/log.hpp"

#include <chrono>
#include <functional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <vector>

namespace spaces {

struct periodic {
  /// When a function does it, which has no thread that lives between events.
  enum class turn {
    before_token,  ///< before a token is believed, unless it was done within `stale_after`
    on_schedule,   ///< when the cloud's schedule comes round
  };

  std::string_view name;            ///< "ended-sessions"
  std::chrono::milliseconds every;  ///< how long a server's thread pauses
  /// Does what is due, at most until the deadline. Repeatable; a failure is tried again the next time.
  std::function<result<void>(deadline_time until, const std::stop_token& stop)> run;
  turn on_function = turn::on_schedule;
  std::chrono::milliseconds stale_after{0};
  /// The pause, where something may end it early (jobs::bell); null: nothing does.
  std::function<void(std::chrono::milliseconds at_most, const std::stop_token& stop)> wait = {};
};

/// Runs them, on a server and in a function. A failure is logged under the work's name, once until it is well again.
class periodic_runner {
 public:
  /// The log must outlive it.
  periodic_runner(std::vector<periodic> rows, const telemetry::log& log);
  periodic_runner(const periodic_runner&) = delete;
  periodic_runner& operator=(const periodic_runner&) = delete;
  /// Waits for what runs.
  ~periodic_runner() = default;

  /// A server's: a thread for each, until this ends.
  void start();

  /// A function's, one event at a time: does those of a turn whose time has come. The first error, after all were
  /// tried.
  result<void> catch_up(periodic::turn turn, deadline_time until);

 private:
  struct state {
    periodic row;
    bool failing = false;
    std::chrono::steady_clock::time_point done{};
  };
  result<void> run(state& one, deadline_time until, const std::stop_token& stop);
  void repeat(state& one, const std::stop_token& stop);

  const telemetry::log& log_;
  std::vector<state> rows_;
  std::vector<std::jthread> threads_;  ///< last: they use the rest
};

}  // namespace spaces
