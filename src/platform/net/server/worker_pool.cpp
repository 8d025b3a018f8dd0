#include "platform/net/server/worker_pool.hpp"

#include <unistd.h>

#include <exception>
#include <utility>

namespace spaces::net {

worker_pool::worker_pool(pool_settings settings) : settings_(settings) { threads_.reserve(settings.threads_max); }

worker_pool::~worker_pool() {
  task* left = nullptr;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    left = std::exchange(first_, nullptr);
  }
  ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  while (left != nullptr) std::exchange(left, left->next_)->abandon();
}

bool worker_pool::submit(task& given) {
  {
    const std::lock_guard lock(mutex_);
    if (ending_) return false;
    if (queued_ >= free_ && !start_thread() && (threads_.empty() || queued_ - free_ >= settings_.queue_max))
      return false;
    given.next_ = nullptr;
    (last_ != nullptr ? last_->next_ : first_) = &given;
    last_ = &given;
    ++queued_;
  }
  ready_.notify_one();
  return true;
}

std::size_t worker_pool::threads() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

/// Under the mutex. A machine that gives no more threads is not an error: the others do the work.
bool worker_pool::start_thread() {
  if (threads_.size() == settings_.threads_max) return false;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::exception&) {
    return false;
  }
  ++free_;
  return true;
}

void worker_pool::work() {
  // Of this thread alone: Linux counts niceness by threads. Becoming nicer is refused to nobody.
  if (settings_.yields) static_cast<void>(::nice(yielding_niceness));
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [this] { return first_ != nullptr || ending_; });
    if (first_ == nullptr) return;
    task& next = *first_;
    first_ = next.next_;
    if (first_ == nullptr) last_ = nullptr;
    --queued_;
    --free_;
    lock.unlock();
    next.run();
    lock.lock();
    ++free_;
  }
}

}  // namespace spaces::net
