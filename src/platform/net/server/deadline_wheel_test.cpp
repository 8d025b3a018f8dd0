#include "platform/net/server/deadline_wheel.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <vector>

namespace spaces::net {
namespace {

using std::chrono::milliseconds;

struct entry : timed {
  int fired = 0;
};

TEST(deadline_wheel, fires_once_and_never_early) {
  deadline_wheel wheel(milliseconds(10), 1000);
  entry one;
  wheel.set(one, 1025);
  auto fire = [](timed& due) { ++static_cast<entry&>(due).fired; };
  for (std::uint64_t now = 1000; now <= 1025; ++now) wheel.advance(now, fire);
  EXPECT_EQ(one.fired, 0);
  wheel.advance(1036, fire);
  EXPECT_EQ(one.fired, 1);
  EXPECT_TRUE(wheel.empty());
  wheel.advance(100000, fire);
  EXPECT_EQ(one.fired, 1);
}

TEST(deadline_wheel, the_last_deadline_counts_whether_later_or_earlier) {
  deadline_wheel wheel(milliseconds(10), 0);
  entry later;
  entry earlier;
  wheel.set(later, 50);
  wheel.set(later, 20000);  // beyond a turn of the wheel
  wheel.set(earlier, 20000);
  wheel.set(earlier, 50);
  auto fire = [](timed& due) { ++static_cast<entry&>(due).fired; };
  wheel.advance(100, fire);
  EXPECT_EQ(later.fired, 0);
  EXPECT_EQ(earlier.fired, 1);
  for (std::uint64_t now = 100; now <= 20000; now += 7) wheel.advance(now, fire);
  EXPECT_EQ(later.fired, 0);
  wheel.advance(20020, fire);
  EXPECT_EQ(later.fired, 1);
}

TEST(deadline_wheel, what_was_cleared_or_destroyed_does_not_fire) {
  deadline_wheel wheel(milliseconds(10), 0);
  entry cleared;
  wheel.set(cleared, 50);
  wheel.clear(cleared);
  wheel.clear(cleared);
  EXPECT_TRUE(wheel.empty());
  wheel.advance(1000, [](timed&) { FAIL(); });
}

TEST(deadline_wheel, an_entry_may_clear_and_set_others_while_it_fires) {
  deadline_wheel wheel(milliseconds(10), 0);
  std::array<entry, 3> entries;
  for (auto& each : entries) wheel.set(each, 50);
  int fired = 0;
  wheel.advance(100, [&](timed& due) {
    ++fired;
    for (auto& each : entries) {
      if (&each != &due)
        wheel.clear(each);
      else
        wheel.set(each, 200);
    }
  });
  EXPECT_EQ(fired, 1);
  wheel.advance(300, [&](timed&) { ++fired; });
  EXPECT_EQ(fired, 2);
  EXPECT_TRUE(wheel.empty());
}

TEST(deadline_wheel, agrees_with_a_plain_map) {
  std::mt19937 random(7);
  const std::uint64_t tick = 10;
  deadline_wheel wheel(milliseconds(tick), 0);
  std::vector<entry> entries(200);
  std::map<timed*, std::uint64_t> model;
  std::uint64_t now = 0;
  for (int step = 0; step < 20000; ++step) {
    entry& chosen = entries[random() % entries.size()];
    switch (random() % 4) {
      case 0: wheel.clear(chosen), model.erase(&chosen); break;
      case 1: now += random() % (random() % 100 == 0 ? 30000 : 50); break;
      default: {
        const std::uint64_t deadline = now + random() % 12000;
        wheel.set(chosen, deadline);
        model[&chosen] = deadline;
      }
    }
    wheel.advance(now, [&](timed& due) {
      ASSERT_TRUE(model.contains(&due));
      EXPECT_LE(model[&due], now);
      model.erase(&due);
    });
    for (const auto& [due, deadline] : model) ASSERT_LE(now, deadline + 2 * tick) << "late";
    ASSERT_EQ(wheel.empty(), model.empty());
  }
}

}  // namespace
}  // namespace spaces::net
