/// The adaptive mode of AWS's SDKs: while a service throttles, requests wait so that fewer are sent in a second; how
/// many grows again along the curve of TCP's CUBIC. Nobody waits before the first throttling.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <chrono>
#include <mutex>

namespace spaces::aws {

/// Thread-safe. Times are the caller's, and never go back.
class send_rate {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// How long the next request waits before it is sent; it counts as sent then.
  std::chrono::milliseconds admit(time_point now);
  /// An answer came, or none in time.
  void note(bool throttled, time_point now);

 private:
  void measure(double now);
  double grown(double now) const;
  void refill(double now);

  std::mutex mutex_;
  bool limiting_ = false;  ///< since the first throttling
  double start_ = -1;      ///< of the clock that all below count from, in seconds
  // What is sent, measured twice a second and smoothed.
  double measured_ = 0;
  double bucket_ = 0;
  double answers_ = 0;
  // CUBIC: the rate at the last throttling, and when that was.
  double last_most_ = 0;
  double last_failure_ = 0;
  // Tokens: one a request.
  double per_second_ = 0;
  double capacity_ = 0;
  double tokens_ = 0;
  double filled_ = 0;
};

}  // namespace spaces::aws
