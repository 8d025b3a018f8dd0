/// Coarse deadlines of many connections without a system call or a sorted structure: a ring of lists,
/// one list a tick.
#pragma once

#include "platform/base/function_ref.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spaces::net {

/// What can have a deadline. Linked into the wheel itself.
class timed {
 public:
  timed() : previous_(this), next_(this) {}
  timed(const timed&) = delete;
  timed& operator=(const timed&) = delete;
  ~timed() { unlink(); }

 private:
  friend class deadline_wheel;

  bool linked() const { return next_ != this; }
  void unlink();
  void link_before(timed& other);

  timed* previous_;
  timed* next_;
  std::uint64_t due_ = 0;    ///< tick of the deadline
  std::uint64_t filed_ = 0;  ///< tick of the list that it is in; never behind `due_`
};

/// Postponing a deadline, which every request does, is one store: the entry stays where it is and is
/// filed anew when its old list comes up.
class deadline_wheel {
 public:
  /// Times are milliseconds of one steady clock; `now_ms` is where it starts.
  deadline_wheel(std::chrono::milliseconds tick, std::uint64_t now_ms);

  void set(timed& entry, std::uint64_t deadline_ms);
  void clear(timed& entry);
  bool empty() const { return count_ == 0; }

  /// Calls `expired` once for each entry whose deadline has passed, up to a tick late, never early. The
  /// entry has none then. `expired` may set and clear any.
  void advance(std::uint64_t now_ms, function_ref<void(timed&)> expired);

  /// When `advance` is next worth calling.
  std::uint64_t next_ms() const { return (now_ + 1) * tick_ms_; }

 private:
  static constexpr std::size_t slots = 512;

  void file(timed& entry);

  std::uint64_t tick_ms_;
  std::uint64_t now_;  ///< the last tick that was handled
  std::size_t count_ = 0;
  std::array<timed, slots> ring_;
};

}  // namespace spaces::net
