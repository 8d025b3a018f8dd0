#include "platform/feature/periodic.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <latch>
#include <new>
#include <stdexcept>
#include <string>

namespace spaces {
namespace {

using namespace std::chrono_literals;
using turn = periodic::turn;

/// A log that a test reads.
class read_log {
 public:
  read_log() : log_(clock_, open(ends_)) {}
  ~read_log() {
    for (const int end : ends_) close(end);
  }
  read_log(const read_log&) = delete;
  read_log& operator=(const read_log&) = delete;

  const telemetry::log& log() const { return log_; }
  /// The lines that were written, one at least: their number.
  std::ptrdiff_t lines() const {
    std::array<char, 4096> text{};
    const ssize_t got = read(ends_[0], text.data(), text.size());
    return std::count(text.begin(), text.begin() + std::max<ssize_t>(got, 0), '\n');
  }

 private:
  static int open(std::array<int, 2>& ends) { return pipe(ends.data()) == 0 ? ends[1] : -1; }

  std::array<int, 2> ends_{-1, -1};
  system_clock clock_;
  telemetry::log log_;
};

deadline_time soon() { return std::chrono::steady_clock::now() + 1min; }

TEST(periodics, a_server_repeats_each_in_a_thread_until_it_ends) {
  const read_log log;
  std::latch repeated{4};
  std::atomic<int> first{0};
  std::atomic<int> second{0};
  const auto count = [&](std::atomic<int>& runs) {
    return [&](deadline_time, const std::stop_token&) -> result<void> {
      if (runs.fetch_add(1) < 2) repeated.count_down();
      return {};
    };
  };
  periodic_runner runner({{"first", 1ms, count(first)}, {"second", 1ms, count(second)}}, log.log());
  runner.start();
  repeated.wait();
  EXPECT_GE(first, 2);
  EXPECT_GE(second, 2);
}

TEST(periodics, a_pause_of_its_own_takes_the_place_of_sleeping) {
  const read_log log;
  std::latch ran{2};
  std::atomic<int> runs{0};
  std::atomic<std::int64_t> paused{0};
  periodic row{"jobs", 1h, [&](deadline_time, const std::stop_token&) -> result<void> {
                 if (runs.fetch_add(1) < 2) ran.count_down();
                 return {};
               }};
  row.wait = [&](std::chrono::milliseconds at_most, const std::stop_token&) { paused = at_most.count(); };
  periodic_runner runner({row}, log.log());
  runner.start();
  ran.wait();
  EXPECT_EQ(paused, std::chrono::milliseconds(1h).count());
}

TEST(periodics, the_end_of_a_server_stops_what_runs_and_what_pauses) {
  const read_log log;
  std::latch both{2};
  {
    periodic_runner runner({{"long", 1ms,
                             [&](deadline_time, const std::stop_token& stop) -> result<void> {
                               both.count_down();
                               while (!stop.stop_requested()) std::this_thread::yield();
                               return {};
                             }},
                            {"seldom", 24h,
                             [&](deadline_time, const std::stop_token&) -> result<void> {
                               both.count_down();
                               return {};
                             }}},
                           log.log());
    runner.start();
    both.wait();
  }
  SUCCEED() << "it came here";
}

TEST(periodics, a_function_does_those_whose_turn_it_is_unless_they_are_fresh) {
  const read_log log;
  std::string done;
  const auto note = [&done](char name) {
    return [&done, name](deadline_time, const std::stop_token&) -> result<void> {
      done += name;
      return {};
    };
  };
  periodic_runner runner({{"stale", 1s, note('a'), turn::before_token},
                          {"fresh", 1s, note('b'), turn::before_token, 24h},
                          {"scheduled", 1s, note('c'), turn::on_schedule}},
                         log.log());
  EXPECT_TRUE(runner.catch_up(turn::before_token, soon()));
  EXPECT_EQ(done, "ab");
  EXPECT_TRUE(runner.catch_up(turn::before_token, soon()));
  EXPECT_EQ(done, "aba");
  EXPECT_TRUE(runner.catch_up(turn::on_schedule, soon()));
  EXPECT_EQ(done, "abac");
}

TEST(periodics, an_exception_costs_one_time_and_not_the_process) {
  const read_log log;
  std::latch repeated{4};
  std::atomic<int> runs{0};
  periodic_runner runner({{"throwing", 1ms,
                           [&](deadline_time, const std::stop_token&) -> result<void> {
                             const int now = runs.fetch_add(1);
                             if (now < 4) repeated.count_down();
                             if (now % 2 == 0) throw std::bad_alloc();
                             throw std::runtime_error("a bug");
                           }}},
                         log.log());
  runner.start();
  repeated.wait();
  EXPECT_GE(log.lines(), 1) << "it is told, like any failure";
}

TEST(periodics, a_failure_is_told_once_and_leaves_the_others_their_turn) {
  const read_log log;
  bool well = false;
  int others = 0;
  periodic_runner runner({{"failing", 1s,
                           [&](deadline_time, const std::stop_token&) -> result<void> {
                             if (!well) return unavailable("the table is away");
                             return {};
                           },
                           turn::before_token, 24h},
                          {"other", 1s,
                           [&](deadline_time, const std::stop_token&) -> result<void> {
                             ++others;
                             return {};
                           },
                           turn::before_token}},
                         log.log());
  for (int i = 0; i < 3; ++i) {
    const auto caught_up = runner.catch_up(turn::before_token, soon());
    ASSERT_FALSE(caught_up);
    EXPECT_EQ(caught_up.error().private_text, "the table is away");
  }
  EXPECT_EQ(others, 3);
  well = true;
  EXPECT_TRUE(runner.catch_up(turn::before_token, soon())) << "what failed is not fresh";
  EXPECT_EQ(log.lines(), 1);
}

}  // namespace
}  // namespace spaces
