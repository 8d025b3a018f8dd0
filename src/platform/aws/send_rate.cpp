#include "platform/aws/send_rate.hpp"

#include <algorithm>
#include <cmath>

namespace spaces::aws {

namespace {

// The figures are those of the SDKs (botocore's retries/throttling.py and bucket.py).
constexpr double scale = 0.4;
constexpr double beta = 0.7;
constexpr double smoothing = 0.8;
constexpr double buckets_per_second = 2;
constexpr double per_second_min = 0.5;
constexpr double capacity_min = 1;

double seconds_of(send_rate::time_point when) { return std::chrono::duration<double>(when.time_since_epoch()).count(); }

}  // namespace

/// Answers a second, over whole half seconds.
void send_rate::measure(double now) {
  const double bucket = std::floor(now * buckets_per_second) / buckets_per_second;
  answers_ += 1;
  if (bucket <= bucket_) return;
  measured_ = answers_ / (bucket - bucket_) * smoothing + measured_ * (1 - smoothing);
  answers_ = 0;
  bucket_ = bucket;
}

/// The rate so long after the last throttling: slow near where that was, faster before and behind.
double send_rate::grown(double now) const {
  const double window = std::cbrt(last_most_ * (1 - beta) / scale);
  return scale * std::pow(now - last_failure_ - window, 3) + last_most_;
}

void send_rate::refill(double now) {
  tokens_ = std::min(capacity_, tokens_ + (now - filled_) * per_second_);
  filled_ = now;
}

std::chrono::milliseconds send_rate::admit(time_point when) {
  const std::lock_guard lock(mutex_);
  if (!limiting_) return std::chrono::milliseconds(0);
  refill(seconds_of(when) - start_);
  tokens_ -= 1;
  if (tokens_ >= 0) return std::chrono::milliseconds(0);
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(-tokens_ / per_second_));
}

void send_rate::note(bool throttled, time_point when) {
  const std::lock_guard lock(mutex_);
  if (start_ < 0) start_ = seconds_of(when);
  const double now = seconds_of(when) - start_;
  measure(now);
  if (!limiting_ && !throttled) return;
  double wanted = 0;
  if (throttled) {
    last_most_ = limiting_ ? std::min(measured_, per_second_) : measured_;
    last_failure_ = now;
    wanted = last_most_ * beta;
    if (!limiting_) filled_ = now;
    limiting_ = true;
  } else {
    wanted = grown(now);
  }
  refill(now);
  per_second_ = std::max(per_second_min, std::min(wanted, 2 * measured_));
  capacity_ = std::max(capacity_min, per_second_);
  tokens_ = std::min(tokens_, capacity_);
}

}  // namespace spaces::aws
