#include "memory/replaced_new.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace spaces::test {
namespace {

TEST(allocations, are_counted) {
  const std::size_t before = allocations();
  const auto made = std::make_unique<std::size_t>(before);
  EXPECT_EQ(allocations(), *made + 1);
}

TEST(allocations, fail_once_when_they_are_told_to) {
  const failing_allocation now(2, whose::own);
  const auto first = std::make_unique<int>(1);
  EXPECT_FALSE(now.has_failed());
  EXPECT_THROW(static_cast<void>(std::make_unique<int>(2)), std::bad_alloc);
  EXPECT_TRUE(now.has_failed());
  const auto third = std::make_unique<int>(*first);
  EXPECT_EQ(*third, 1);
}

}  // namespace
}  // namespace spaces::test
