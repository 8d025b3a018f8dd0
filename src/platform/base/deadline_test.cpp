#include "platform/base/deadline.hpp"

#include <gtest/gtest.h>

namespace spaces {
namespace {

using namespace std::chrono_literals;

TEST(Deadline, IsTheInnermostScopesAndTheOuterOnesAgainBehindIt) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_GE(current_deadline(1h), start + 1h);
  {
    const deadline_scope request(10min);
    const deadline_time outer = current_deadline(1h);
    EXPECT_GE(outer, start + 10min);
    EXPECT_LT(outer, start + 11min);
    {
      const deadline_scope step(1min);
      EXPECT_LT(current_deadline(1h), start + 2min);
    }
    EXPECT_EQ(current_deadline(1h), outer);
  }
  EXPECT_GE(current_deadline(1h), start + 1h);
}

}  // namespace
}  // namespace spaces
