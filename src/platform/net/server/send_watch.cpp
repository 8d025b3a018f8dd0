#include "platform/net/server/send_watch.hpp"

#include <algorithm>

namespace spaces::net {

void send_watch::begin(std::uint64_t now_ms, std::uint64_t delivered) {
  answer_since_ms_ = now_ms;
  if (watching_) return;
  watching_ = true;
  since_ms_ = now_ms;
  delivered_ = delivered;
}

bool send_watch::in_time(std::uint64_t now_ms, std::uint64_t delivered, const server_options& bounds) const {
  const auto pause = static_cast<std::uint64_t>(bounds.send_pause_max.count());
  const auto time_max = static_cast<std::uint64_t>(bounds.send_time_max.count());
  const std::uint64_t passed = now_ms - since_ms_;
  const std::uint64_t counted = passed - std::min(passed, pause);
  const std::uint64_t since = delivered - std::min(delivered, delivered_);
  return since * 1000 >= counted * bounds.send_bytes_per_second_min && now_ms - answer_since_ms_ < time_max;
}

}  // namespace spaces::net
