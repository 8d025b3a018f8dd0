#include "platform/net/server/worker_pool.hpp"

#include "waiting/waiting.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace spaces::net {
namespace {

class counted final : public task {
 public:
  explicit counted(std::function<void()> work = [] {}) : work_(std::move(work)) {}
  void run() noexcept override {
    work_();
    ++runs;
  }
  void abandon() noexcept override { ++abandoned; }

  std::atomic<int> runs{0};
  std::atomic<int> abandoned{0};

 private:
  std::function<void()> work_;
};

/// Holds all that come until it opens.
class gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void await(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

TEST(worker_pool, starts_threads_as_they_are_needed_and_no_more) {
  gate held;
  std::array<counted, 3> tasks{counted([&] { held.wait(); }), counted([&] { held.wait(); }),
                               counted([&] { held.wait(); })};
  worker_pool pool({2, 10, false});
  EXPECT_EQ(pool.threads(), 0U);
  EXPECT_TRUE(pool.submit(tasks[0]));
  EXPECT_EQ(pool.threads(), 1U);
  EXPECT_TRUE(pool.submit(tasks[1]));
  EXPECT_TRUE(pool.submit(tasks[2]));
  held.await(2);
  EXPECT_EQ(pool.threads(), 2U);
  held.open();
}

TEST(worker_pool, refuses_beyond_its_queue) {
  gate held;
  counted working([&] { held.wait(); });
  std::array<counted, 3> waiting;
  {
    worker_pool pool({1, 2, false});
    EXPECT_TRUE(pool.submit(working));
    held.await(1);
    EXPECT_TRUE(pool.submit(waiting[0]));
    EXPECT_TRUE(pool.submit(waiting[1]));
    EXPECT_FALSE(pool.submit(waiting[2]));
    held.open();
  }
  EXPECT_EQ(working.runs, 1);
  EXPECT_EQ(waiting[2].runs + waiting[2].abandoned, 0);
}

TEST(worker_pool, abandons_what_waits_at_its_end) {
  gate held;
  counted working([&] { held.wait(); });
  std::deque<counted> waiting;
  std::thread opener;
  {
    worker_pool pool({1, 1'000'000, false});
    EXPECT_TRUE(pool.submit(working));
    held.await(1);
    EXPECT_TRUE(pool.submit(waiting.emplace_back()));
    // The pool's end waits for the task that runs. One that takes no more has begun to end: what waits must not run.
    opener = std::thread([&] {
      while (pool.submit(waiting.emplace_back())) test::let_time_pass(std::chrono::milliseconds(1));
      held.open();
    });
  }
  opener.join();
  EXPECT_EQ(working.runs, 1);
  EXPECT_EQ(waiting.back().abandoned, 0) << "it stayed the caller's";
  waiting.pop_back();
  for (const counted& each : waiting) {
    EXPECT_EQ(each.runs, 0);
    EXPECT_EQ(each.abandoned, 1);
  }
}

TEST(worker_pool, lets_others_go_first_where_it_is_told_to) {
  const auto niceness_in = [](bool yields) {
    int found = 0;
    counted looking([&] { found = ::getpriority(PRIO_PROCESS, 0); });
    {
      worker_pool pool({1, 1, yields});
      EXPECT_TRUE(pool.submit(looking));
      while (looking.runs == 0) std::this_thread::yield();
    }
    return found;
  };
  const int ours = ::getpriority(PRIO_PROCESS, 0);
  EXPECT_EQ(niceness_in(false), ours);
  EXPECT_EQ(niceness_in(true), std::min(ours + yielding_niceness, 19));
}

TEST(worker_pool, runs_every_job_once) {
  std::vector<std::unique_ptr<counted>> tasks;
  tasks.reserve(2000);
  for (int i = 0; i < 2000; ++i) tasks.push_back(std::make_unique<counted>());
  worker_pool pool({8, 2000, true});
  std::vector<std::thread> givers;
  givers.reserve(4);
  for (std::size_t part = 0; part < 4; ++part) {
    givers.emplace_back([&, part] {
      for (std::size_t i = part; i < tasks.size(); i += 4) EXPECT_TRUE(pool.submit(*tasks[i]));
    });
  }
  for (auto& each : givers) each.join();
  for (const auto& each : tasks)
    while (each->runs == 0) std::this_thread::yield();
  for (const auto& each : tasks) EXPECT_EQ(each->runs, 1);
}

}  // namespace
}  // namespace spaces::net
