#include "platform/table/item_writers.hpp"

#include "platform/table/item_digest.hpp"

#include <algorithm>
#include <utility>

namespace spaces::table {

void writers_limit::answered(std::chrono::milliseconds took) {
  slow_ += took > slow_answer ? 1 : 0;
  if (++answers_ < answers_judged) return;
  if (2 * slow_ > answers_)
    allowed_ = std::max<std::size_t>(1, allowed_ / 2);
  else if (4 * slow_ < answers_)
    allowed_ = std::min(most_, allowed_ + std::max<std::size_t>(1, allowed_ / 4));
  answers_ = slow_ = 0;
}

item_writers::item_writers(single_table& to, bool compare_first, std::size_t threads, std::size_t queue_max,
                           bool (*goes_on)())
    : to_(to), compare_first_(compare_first), queue_max_(queue_max), goes_on_(goes_on), limit_(threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

item_writers::~item_writers() { (void)finish(); }

void item_writers::add(batch items) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return queue_.size() < queue_max_; });
  queue_.push_back(std::move(items));
  changed_.notify_all();
}

result<void> item_writers::finish() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  for (std::thread& one : threads_)
    if (one.joinable()) one.join();
  if (failure_) return *failure_;
  return {};
}

/// After a failure, and once nobody wants the rest, batches are taken and dropped, so that one who adds is not left
/// waiting.
void item_writers::run() {
  for (;;) {
    batch items;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ended_ || !queue_.empty(); });
      if (queue_.empty()) return;
      items = std::move(queue_.front());
      queue_.pop_front();
      changed_.notify_all();
    }
    if (failed_ || !goes_on_()) continue;
    if (const result<void> done = write(items); !done) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = done.error();
      failed_ = true;
    }
  }
}

result<outcome> item_writers::write_in_turn(std::vector<operation> operations) {
  {
    std::unique_lock lock(mutex_);
    turns_.wait(lock, [&] { return writing_ < limit_.allowed(); });
    ++writing_;
  }
  const auto began = std::chrono::steady_clock::now();
  auto done = to_.write(std::move(operations));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  const std::lock_guard lock(mutex_);
  --writing_;
  limit_.answered(took);
  turns_.notify_all();
  return done;
}

result<void> item_writers::drop_unchanged(batch& items) {
  std::vector<key> keys;
  keys.reserve(items.size());
  for (const keyed_item& one : items) keys.push_back(one.key);
  const auto there = to_.read_batch(keys, consistency::strong);
  if (!there) return there.error();
  batch left;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool same =
        (*there)[i] && canonical(items[i].key, (*there)[i]->view()) == canonical(items[i].key, items[i].item.view());
    if (same)
      ++unchanged_;
    else
      left.push_back(std::move(items[i]));
  }
  items = std::move(left);
  return {};
}

result<void> item_writers::write(batch& items) {
  if (compare_first_) {
    if (const auto done = drop_unchanged(items); !done) return done;
  }
  std::vector<operation> together;
  std::size_t bytes = 0;
  const auto commit = [&]() -> result<void> {
    if (together.empty()) return {};
    const std::size_t count = together.size();
    const auto done = write_in_turn(std::exchange(together, {}));
    bytes = 0;
    if (!done) return done.error();
    written_ += count;
    return {};
  };
  for (keyed_item& one : items) {
    if (failed_ || !goes_on_()) return {};
    const std::size_t size = counted_bytes(one.key, one.item.view());
    if (together.size() == to_.operations_together() || bytes + size > transaction_bytes_max) {
      if (const auto done = commit(); !done) return done;
    }
    bytes += size;
    together.emplace_back(put{std::move(one.key), std::move(one.item), {}});
  }
  return commit();
}

}  // namespace spaces::table
