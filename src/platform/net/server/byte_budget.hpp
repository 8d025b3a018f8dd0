/// What all connections together hold of one kind of memory, and when enough of it is free again to be given back.
#pragma once

#include <atomic>
#include <cstddef>

namespace spaces::net {

/// Thread-safe.
class byte_budget {
 public:
  /// `kept_max`: of less than that, none is given back.
  byte_budget(std::size_t bytes_max, std::size_t kept_max) : bytes_max_(bytes_max), kept_max_(kept_max) {}
  byte_budget(const byte_budget&) = delete;
  byte_budget& operator=(const byte_budget&) = delete;

  std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
  /// True when so many more are within the bound.
  bool has(std::size_t bytes) const noexcept { return used() + bytes <= bytes_max_; }
  /// Whatever the bound: for what is there already.
  void add(std::size_t bytes) noexcept;
  /// False, and nothing is taken, when the bound would be passed.
  bool take(std::size_t bytes) noexcept;
  void give(std::size_t bytes) noexcept;

  /// True after much was in use: once when most of it is free again, and once when nearly all of it is.
  bool should_return() noexcept { return returnable_.load(std::memory_order_relaxed) && returnable_.exchange(false); }

 private:
  void note_peak(std::size_t now) noexcept;

  /// So small a part of what is kept is nearly nothing.
  static constexpr std::size_t little_part = 16;

  const std::size_t bytes_max_;
  const std::size_t kept_max_;
  std::atomic<std::size_t> used_{0};
  std::atomic<std::size_t> peak_{0};  ///< since memory was given back
  std::atomic<bool> rest_{false};     ///< what was left in use then goes back, too
  std::atomic<bool> returnable_{false};
};

}  // namespace spaces::net
