#include "platform/net/server/byte_budget.hpp"

namespace spaces::net {

void byte_budget::note_peak(std::size_t now) noexcept {
  std::size_t peak = peak_.load(std::memory_order_relaxed);
  while (peak < now && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
}

void byte_budget::add(std::size_t bytes) noexcept { note_peak(used_.fetch_add(bytes) + bytes); }

bool byte_budget::take(std::size_t bytes) noexcept {
  const std::size_t before = used_.fetch_add(bytes);
  if (before + bytes > bytes_max_) {
    used_.fetch_sub(bytes);
    return false;
  }
  note_peak(before + bytes);
  return true;
}

void byte_budget::give(std::size_t bytes) noexcept {
  const std::size_t left = used_.fetch_sub(bytes) - bytes;
  const bool little = left <= kept_max_ / little_part;
  if (little && rest_.load(std::memory_order_relaxed) && rest_.exchange(false)) returnable_.store(true);
  const std::size_t peak = peak_.load(std::memory_order_relaxed);
  if (peak < kept_max_ || left > peak / 4) return;
  peak_.store(left, std::memory_order_relaxed);
  rest_.store(!little);
  returnable_.store(true);
}

}  // namespace spaces::net
