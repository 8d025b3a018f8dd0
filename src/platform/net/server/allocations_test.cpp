#include "wire/allocations.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>

namespace {
std::atomic<std::size_t> count{0};
std::atomic<std::ptrdiff_t> left{0};  ///< until one fails; 0: none does
thread_local bool spared = false;
}  // namespace

// Never inlined: where GCC sees one side of a pair only, it takes the two for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  count.fetch_add(1, std::memory_order_relaxed);
  if (!spared && left.load(std::memory_order_relaxed) > 0 && left.fetch_sub(1) == 1) throw std::bad_alloc();
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): what stands in for new
  if (void* made = std::malloc(size == 0 ? 1 : size)) return made;
  throw std::bad_alloc();
}
// NOLINTBEGIN(cppcoreguidelines-no-malloc)
[[gnu::noinline]] void operator delete(void* old) noexcept { std::free(old); }
[[gnu::noinline]] void operator delete(void* old, std::size_t) noexcept { std::free(old); }
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace spaces::net {

std::size_t allocations() { return count.load(std::memory_order_relaxed); }

failing_allocation::failing_allocation(std::size_t nth) {
  spared = true;
  left.store(static_cast<std::ptrdiff_t>(nth));
}

failing_allocation::~failing_allocation() {
  left.store(0);
  spared = false;
}

bool failing_allocation::has_failed() const { return left.load() <= 0; }

namespace {

TEST(allocations, are_counted) {
  const std::size_t before = allocations();
  const auto made = std::make_unique<std::size_t>(before);
  EXPECT_EQ(allocations(), *made + 1);
}

}  // namespace
}  // namespace spaces::net
