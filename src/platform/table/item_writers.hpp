/// The writing half of a copy: several threads take batches from one bounded queue.
#pragma once

#include "platform/table/table.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace spaces::table {

class item_writers {
 public:
  using batch = std::vector<keyed_item>;

  /// With `compare_first`, what is there already and the same is not written again.
  item_writers(single_table& to, bool compare_first, std::size_t threads, std::size_t queue_max);
  item_writers(const item_writers&) = delete;
  item_writers& operator=(const item_writers&) = delete;
  ~item_writers();

  /// Waits while enough is on its way.
  void add(batch items);
  /// Writes all that was added; the first failure, if there was one.
  result<void> finish();

  bool failed() const { return failed_; }
  std::uint64_t written() const { return written_; }
  std::uint64_t unchanged() const { return unchanged_; }

 private:
  void run();
  result<void> write(batch& items);
  result<void> drop_unchanged(batch& items);

  single_table& to_;
  bool compare_first_;
  std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<batch> queue_;
  bool ended_ = false;
  std::optional<error> failure_;
  std::atomic<bool> failed_ = false;
  std::atomic<std::uint64_t> written_ = 0;
  std::atomic<std::uint64_t> unchanged_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace spaces::table
