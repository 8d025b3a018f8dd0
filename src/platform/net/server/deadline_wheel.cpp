#include "platform/net/server/deadline_wheel.hpp"

#include <algorithm>

namespace spaces::net {

void timed::unlink() {
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = this;
}

void timed::link_before(timed& other) {
  previous_ = other.previous_;
  next_ = &other;
  previous_->next_ = this;
  other.previous_ = this;
}

deadline_wheel::deadline_wheel(std::chrono::milliseconds tick, std::uint64_t now_ms)
    : tick_ms_(static_cast<std::uint64_t>(std::max<std::int64_t>(tick.count(), 1))), now_(now_ms / tick_ms_) {}

void deadline_wheel::set(timed& entry, std::uint64_t deadline_ms) {
  entry.due_ = deadline_ms / tick_ms_ + 1;
  if (entry.linked()) {
    if (entry.filed_ <= entry.due_) return;
    entry.unlink();
  } else {
    ++count_;
  }
  file(entry);
}

void deadline_wheel::file(timed& entry) {
  entry.filed_ = std::max(entry.due_, now_ + 1);
  entry.link_before(ring_[entry.filed_ % slots]);
}

void deadline_wheel::clear(timed& entry) {
  if (!entry.linked()) return;
  entry.unlink();
  --count_;
}

void deadline_wheel::advance(std::uint64_t now_ms, function_ref<void(timed&)> expired) {
  const std::uint64_t target = now_ms / tick_ms_;
  if (target <= now_) return;
  // After a pause longer than a turn of the wheel one turn sees every list.
  const std::uint64_t first = std::max(now_ + 1, target >= slots ? target - slots + 1 : 0);
  now_ = target;
  for (std::uint64_t tick = first; tick <= target; ++tick) {
    timed& slot = ring_[tick % slots];
    if (!slot.linked()) continue;
    timed due;
    due.link_before(slot);
    slot.unlink();
    while (due.linked()) {
      timed& entry = *due.next_;
      entry.unlink();
      if (entry.due_ > target) {
        file(entry);
      } else {
        --count_;
        expired(entry);
      }
    }
  }
}

}  // namespace spaces::net
