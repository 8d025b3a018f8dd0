/// A connected socket for one thread that waits, with bounds on the waiting. A receive that is answered
/// soon is one system call: the kernel wakes it now and then to look at the clock.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/net/socket_address.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace spaces::net {

enum class moved : std::uint8_t {
  bytes,
  ended,      ///< the other side has ended the connection
  timed_out,  ///< the deadline came, or nothing moved for too long
  broken,     ///< reset, unreachable …
  nothing,    ///< only of `receive_now`: nothing has come yet
};

class client_socket {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Tries one address after the other until the deadline. On failure `why` says what the last one said.
  static client_socket connect(std::span<const socket_address> addresses, time_point deadline, std::string& why);

  explicit operator bool() const { return static_cast<bool>(number_); }
  void close() { number_.reset(); }

  /// Bounds all waits from now on.
  void set_patience(time_point deadline, std::chrono::milliseconds silence_max) {
    deadline_ = deadline;
    silence_max_ = silence_max;
    stop_ = nullptr;
  }
  /// Nothing bounds a receive from now on but `stop`, which is looked at ten times a second, and when a signal comes
  /// to the thread that waits.
  void wait_until(const std::atomic<bool>& stop) {
    set_patience(time_point::max(), std::chrono::hours(1'000'000));
    stop_ = &stop;
  }

  /// All of it.
  moved send(std::string_view bytes);
  /// At least one byte; `got` says how many.
  moved receive(char* into, std::size_t size_max, std::size_t& got);
  /// What has come already.
  moved receive_now(char* into, std::size_t size_max, std::size_t& got);
  /// Connected and nothing to read, as a kept connection should be.
  bool quiet() const;

  /// How the last call that failed did.
  std::string_view why() const { return why_; }

 private:
  bool wait(short events, time_point until) const;
  moved fail(moved how, std::string why);
  std::size_t unacknowledged() const;

  descriptor number_;
  time_point deadline_;
  std::chrono::milliseconds silence_max_{0};
  const std::atomic<bool>* stop_ = nullptr;
  std::string why_;
};

}  // namespace spaces::net
