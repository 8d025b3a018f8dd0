/// How much a service may still be asked again: tokens that retries cost and successes give back. When much
/// fails, retries stop, and the service is left to recover. Thread-safe.
#pragma once

#include "platform/aws/limits.hpp"

#include <algorithm>
#include <atomic>

namespace spaces::aws {

class retry_budget {
 public:
  /// Pays for a retry; false when there is not enough left.
  bool pay(int cost) {
    int left = tokens_.load(std::memory_order_relaxed);
    while (left >= cost)
      if (tokens_.compare_exchange_weak(left, left - cost, std::memory_order_relaxed)) return true;
    return false;
  }

  void refund(int tokens) {
    int left = tokens_.load(std::memory_order_relaxed);
    // The usual case writes nothing.
    while (left < budget_tokens_max) {
      const int more = std::min(budget_tokens_max, left + tokens);
      if (tokens_.compare_exchange_weak(left, more, std::memory_order_relaxed)) return;
    }
  }

  int left() const { return tokens_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int> tokens_{budget_tokens_max};
};

}  // namespace spaces::aws
