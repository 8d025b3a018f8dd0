/// How often the test program has allocated, and when it can no more. One file of such a program includes
/// memory/replaced_new.hpp.
#pragma once

#include <cstddef>

namespace spaces::test {

/// Of all threads, since the program began.
std::size_t allocations();

/// Whose allocations count for a `failing_allocation`.
enum class whose {
  others,  ///< all threads but the one that made it
  own,     ///< the thread that made it
};

/// While it lives, the `nth` allocation (from 1) of those threads fails, and it alone.
class failing_allocation {
 public:
  explicit failing_allocation(std::size_t nth, whose counted = whose::others);
  failing_allocation(const failing_allocation&) = delete;
  failing_allocation& operator=(const failing_allocation&) = delete;
  ~failing_allocation();
  bool has_failed() const;
};

}  // namespace spaces::test
