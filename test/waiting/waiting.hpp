/// How tests wait: for a fact, however long a busy machine takes to bring it about. test/tidy refuses sleeping anywhere
/// else, and comparing how long something took.
#pragma once

#include <chrono>
#include <thread>

namespace spaces::test {

/// Patience, and a bound of nothing: what has not come about after so long never does.
inline constexpr std::chrono::seconds patience{60};

/// Waits until it is so; false where it never is. It is asked again and again.
template <class Fact>
bool comes_true(Fact fact, std::chrono::seconds at_most = patience) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  while (!fact()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

/// Returns when the clock has gone on by so much or more: where time is what a test puts in (a connection kept for too
/// long, a client that reads slowly). What is expected afterwards must be as true after any longer time.
inline void let_time_pass(std::chrono::milliseconds at_least) {
  const auto since = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - since < at_least) std::this_thread::sleep_for(at_least);
}

}  // namespace spaces::test
