#include "platform/aws/send_rate.hpp"

#include <gtest/gtest.h>

namespace spaces::aws {

namespace {

using namespace std::chrono_literals;

/// A clock by hand and one sender that sends as soon as it may.
class sender {
 public:
  /// Sends for so long, at most so many a second; `throttles` says of each moment whether the service does.
  /// Returns how many were sent a second.
  double send(std::chrono::milliseconds time, int per_second, bool throttles) {
    const auto end = now_ + time;
    int sent = 0;
    while (now_ < end) {
      now_ += rate_.admit(now_);
      ++sent;
      rate_.note(throttles, now_);
      now_ += 1000ms / per_second;
    }
    return sent * 1000.0 / static_cast<double>(time.count());
  }

 private:
  send_rate rate_;
  send_rate::time_point now_{1000s};
};

TEST(send_rate, nobody_waits_before_the_first_throttling) {
  send_rate rate;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(rate.admit(send_rate::time_point(1000s)), 0ms);
    rate.note(false, send_rate::time_point(1000s));
  }
}

TEST(send_rate, a_service_that_throttles_is_sent_less_and_less_and_never_nothing) {
  sender one;
  EXPECT_GT(one.send(5s, 100, false), 95);
  const double first = one.send(5s, 100, true);
  const double later = one.send(20s, 100, true);
  EXPECT_LT(first, 30);
  EXPECT_LT(later, 2);
  EXPECT_GT(later, 0.2);
}

TEST(send_rate, a_service_that_recovers_is_sent_as_much_again) {
  sender one;
  one.send(5s, 100, false);
  one.send(2s, 100, true);
  EXPECT_LT(one.send(1s, 100, false), 90);
  one.send(30s, 100, false);
  EXPECT_GT(one.send(5s, 100, false), 95);
}

}  // namespace

}  // namespace spaces::aws
