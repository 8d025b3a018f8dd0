/// How often the test program has allocated, and when it can no more: src/platform/net/server/allocations_test.cpp
/// replaces operator new.
#pragma once

#include <cstddef>

namespace spaces::net {

/// Of all threads, since the program began.
std::size_t allocations();

/// While it lives, the `nth` allocation (from 1) of all threads but the one that made it fails, and it alone.
class failing_allocation {
 public:
  explicit failing_allocation(std::size_t nth);
  failing_allocation(const failing_allocation&) = delete;
  failing_allocation& operator=(const failing_allocation&) = delete;
  ~failing_allocation();
  bool has_failed() const;
};

}  // namespace spaces::net
