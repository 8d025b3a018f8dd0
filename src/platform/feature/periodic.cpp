#include "platform/feature/periodic.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <utility>

namespace spaces {

namespace {

/// What a server's thread does in one go; then it looks whether it is to stop. A full night's e-mails take longer, and
/// go on in the next.
constexpr std::chrono::minutes run_time_max{10};

/// Until memory is asked for again that was not there.
constexpr std::chrono::milliseconds starved_pause{50};

void sleep(std::chrono::milliseconds at_most, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, at_most, [] { return false; });
}

/// An exception costs this time round, and not the process.
result<void> attempt(const periodic& row, deadline_time until, const std::stop_token& stop) {
  try {
    return row.run(until, stop);
  } catch (const std::exception& bug) {
    return internal(bug.what());
  }
}

}  // namespace

periodic_runner::periodic_runner(std::vector<periodic> rows, const telemetry::log& log) : log_(log) {
  for (periodic& one : rows) rows_.push_back({std::move(one)});
}

void periodic_runner::start() {
  for (state& one : rows_) threads_.emplace_back([this, &one](const std::stop_token& stop) { repeat(one, stop); });
}

void periodic_runner::repeat(state& one, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      static_cast<void>(run(one, std::chrono::steady_clock::now() + run_time_max, stop));
      one.row.wait ? one.row.wait(one.row.every, stop) : sleep(one.row.every, stop);
    } catch (const std::bad_alloc&) {
      std::this_thread::sleep_for(starved_pause);  // not even to say so: tried again, like any failure
    }
  }
}

result<void> periodic_runner::run(state& one, deadline_time until, const std::stop_token& stop) {
  result<void> done = attempt(one.row, until, stop);
  if (!done && !one.failing) {
    const error& why = done.error();
    log_.write(telemetry::level::error, one.row.name,
               {{"detail", why.private_text.empty() ? why.public_text : why.private_text}});
  }
  one.failing = !done;
  if (done) one.done = std::chrono::steady_clock::now();
  return done;
}

result<void> periodic_runner::catch_up(periodic::turn turn, deadline_time until) {
  result<void> first;
  for (state& one : rows_) {
    if (one.row.on_function != turn) continue;
    const bool fresh = one.done != std::chrono::steady_clock::time_point{} &&
                       std::chrono::steady_clock::now() < one.done + one.row.stale_after;
    if (fresh) continue;
    if (result<void> done = run(one, until, {}); !done && first) first = std::move(done);
  }
  return first;
}

}  // namespace spaces
