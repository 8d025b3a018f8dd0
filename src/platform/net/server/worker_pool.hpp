/// Threads for work that the event loops must not do: to wait (`io`), or to compute (`cpu`).
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace spaces::net {

/// Something to do on a pool's thread. Linked into the queue itself: handing over allocates nothing.
class task {
 public:
  task() = default;
  task(const task&) = delete;
  task& operator=(const task&) = delete;

  virtual void run() noexcept = 0;
  /// The pool ended before the task's turn came.
  virtual void abandon() noexcept = 0;

 protected:
  ~task() = default;

 private:
  friend class worker_pool;
  task* next_ = nullptr;
};

/// How much nicer than the process a pool is that computes: a tenth of a core's time is its own where the event
/// loops want all of it, and they are let in before it otherwise. At idle priority (SCHED_IDLE, 3 shares of 1,027)
/// logins starve: of 16 beside readers who kept two cores busy for 7 s, 3 were done by then, and 8 so, the first after
/// 1.2 s. As many reads were answered; their p99 was 5.4 ms instead of 4.5.
inline constexpr int yielding_niceness = 10;

struct pool_settings {
  std::size_t threads_max = 1;
  std::size_t queue_max = 1;  ///< tasks beyond those that a thread is free for
  bool yields = false;        ///< to threads that answer: `yielding_niceness`
};

/// Starts a thread when a task comes and none is free, up to the bound, and keeps it.
class worker_pool {
 public:
  explicit worker_pool(pool_settings settings);
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;
  /// Waits for the tasks that run; those that wait are abandoned.
  ~worker_pool();

  /// False when the queue is full; the task stays the caller's.
  bool submit(task& given);
  std::size_t threads() const;

 private:
  void work();
  bool start_thread();

  const pool_settings settings_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  task* first_ = nullptr;
  task* last_ = nullptr;
  std::size_t queued_ = 0;
  std::size_t free_ = 0;  ///< threads that wait, or are about to
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace spaces::net
