/// Waiting for what another thread brings about.
#pragma once

#include <chrono>
#include <thread>

namespace spaces::net {

/// True as soon as the condition was so once; five seconds are patience, not a bound of what is tested.
template <class Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace spaces::net
