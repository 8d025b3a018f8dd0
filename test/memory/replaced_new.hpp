/// Replaces operator new of the program that one file includes this in, by one that counts and fails when it is told
/// to.
#pragma once

#include "memory/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace spaces::test::replaced {

inline std::atomic<std::size_t> count{0};
inline std::atomic<std::ptrdiff_t> left{0};  ///< until one fails; 0: none does
/// Thread-local, since a static of each thread is made by its first use and must not allocate.
inline thread_local bool spared = false;
inline std::atomic<bool> owns_only{false};
inline thread_local bool owns = false;

inline bool counts() { return owns_only.load(std::memory_order_relaxed) ? owns : !spared; }

}  // namespace spaces::test::replaced

// Never inlined: where GCC sees one side of a pair only, it takes the two for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  using namespace spaces::test::replaced;
  count.fetch_add(1, std::memory_order_relaxed);
  if (left.load(std::memory_order_relaxed) > 0 && counts() && left.fetch_sub(1) == 1) throw std::bad_alloc();
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): what stands in for new
  if (void* made = std::malloc(size == 0 ? 1 : size)) return made;
  throw std::bad_alloc();
}
// NOLINTBEGIN(cppcoreguidelines-no-malloc)
[[gnu::noinline]] void operator delete(void* old) noexcept { std::free(old); }
[[gnu::noinline]] void operator delete(void* old, std::size_t) noexcept { std::free(old); }
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace spaces::test {

std::size_t allocations() { return replaced::count.load(std::memory_order_relaxed); }

failing_allocation::failing_allocation(std::size_t nth, whose counted) {
  replaced::owns_only.store(counted == whose::own);
  replaced::owns = counted == whose::own;
  replaced::spared = counted == whose::others;
  replaced::left.store(static_cast<std::ptrdiff_t>(nth));
}

failing_allocation::~failing_allocation() {
  replaced::left.store(0);
  replaced::spared = replaced::owns = false;
  replaced::owns_only.store(false);
}

bool failing_allocation::has_failed() const { return replaced::left.load() <= 0; }

}  // namespace spaces::test
