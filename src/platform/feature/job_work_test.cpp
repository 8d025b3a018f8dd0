#include "platform/feature/job_work.hpp"

#include "scenario/market.hpp"

#include <gtest/gtest.h>

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
