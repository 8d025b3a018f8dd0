#include "table/window.hpp"

#include "table/test_table.hpp"

#include <gtest/gtest.h>

namespace spaces::table {
namespace {

constexpr instant at{std::chrono::seconds{1'000}};
const window twice{"ben", "HOUR", 2, std::chrono::hours{1}};

TEST(window, opens_with_the_first_time_and_has_its_end_with_it) {
  const add counted = counted_in(twice, at + std::chrono::milliseconds{900});
  EXPECT_EQ(counted.key, (key{"THROTTLE#ben", "HOUR"}));
  EXPECT_EQ(counted.amount, 1);
  EXPECT_EQ(expiry_seconds(counted.otherwise.view()), 4'600);
}

TEST(window, refuses_when_it_is_full_and_says_until_when) {
  const add counted = counted_in(twice, at);
  record::item held = counted.otherwise;
  for (const std::int64_t count : {1, 2}) {
    record::item now = held;
    now.append(counted.attribute, record::value::of(decimal{count, 0}));
    const record::item_view view = now.view();
    EXPECT_EQ(holds(counted.conditions, &view), count < 2) << count;
  }
  EXPECT_TRUE(holds(counted.conditions, nullptr));
  EXPECT_EQ(wait_of({0, held}, at + std::chrono::minutes{10}), std::chrono::minutes{50});
}

}  // namespace
}  // namespace spaces::table
