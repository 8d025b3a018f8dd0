#include "platform/feature/job_work.hpp"

#include "memory/replaced_new.hpp"
#include "scenario/market.hpp"
#include "waiting/waiting.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>
#include <semaphore>

namespace spaces {
namespace {

TEST(job_work, wakes_by_the_bell_and_ends_when_told_to) {
  test::market market;
  const clock& clock = market.clock();
  table::single_table& table = market.table();
  const telemetry::log log(clock, STDERR_FILENO);
  jobs::runner runner(table, clock, log);
  std::counting_semaphore done{0};
  runner.handle("greet", [&](const uuid&, record::item_view) -> result<void> {
    done.release();
    return {};
  });
  const auto enqueue = [&] {
    const auto written = table.write({jobs::enqueue({"greet", {}}, make_uuid_v7(clock.now()), clock.now())});
    ASSERT_TRUE(written);
  };
  jobs::bell bell;
  {
    periodic_runner due({job_work(runner, bell)}, log);
    due.start();
    for (int n = 0; n < 3; ++n) {
      enqueue();
      bell.ring();
      done.acquire();
    }
  }
  enqueue();
  bell.ring();
  EXPECT_FALSE(done.try_acquire()) << "nobody is there any more";
}

/// Wherever it runs out, in the thread that does jobs or in the table's, the job is done in the end.
TEST(job_work, goes_on_where_memory_ran_out) {
  test::market market({.table = "lmdb"});
  table::single_table& table = market.table();
  const telemetry::log log(market.clock(), ::open("/dev/null", O_WRONLY | O_CLOEXEC));
  jobs::runner runner(table, market.clock(), log);
  std::counting_semaphore done{0};
  runner.handle("greet", [&](const uuid&, record::item_view) -> result<void> {
    done.release();
    return {};
  });
  jobs::bell bell;
  periodic_runner due({job_work(runner, bell)}, log);
  due.start();
  bool failed = true;
  std::size_t n = 1;
  for (; failed && n < 2000; ++n) {
    const instant now = market.clock().now();
    ASSERT_TRUE(table.write({jobs::enqueue({"greet", {}}, make_uuid_v7(now), now)}));
    const test::failing_allocation starved(n);
    bell.ring();
    // One that was taken and not finished is anybody's again when its lease has ended.
    bool is_done = false;
    EXPECT_TRUE(test::comes_true([&] {
      is_done = done.try_acquire() || is_done;
      market.clock().forward(std::chrono::seconds(1));
      bell.ring();
      return is_done && jobs::count(table)->by_kind.empty();
    })) << "allocation "
        << n;
    failed = starved.has_failed();
    while (done.try_acquire()) continue;  // at least once
  }
  EXPECT_GT(n, 5U);
  EXPECT_LT(n, 2000U);
}

TEST(job_work, is_done_on_schedule_where_no_thread_lives) {
  test::market market;
  const clock& clock = market.clock();
  table::single_table& table = market.table();
  const telemetry::log log(clock, STDERR_FILENO);
  jobs::runner runner(table, clock, log);
  int done = 0;
  runner.handle("greet", [&](const uuid&, record::item_view) -> result<void> { return ++done, result<void>(); });
  ASSERT_TRUE(table.write({jobs::enqueue({"greet", {}}, make_uuid_v7(clock.now()), clock.now())}));
  jobs::bell bell;
  periodic_runner due({job_work(runner, bell)}, log);
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  EXPECT_TRUE(due.catch_up(periodic::turn::before_token, until));
  EXPECT_EQ(done, 0);
  EXPECT_TRUE(due.catch_up(periodic::turn::on_schedule, until));
  EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace spaces
