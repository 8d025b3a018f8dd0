/// The writing half of a copy: several threads take batches from one bounded queue, fewer of them while the table is
/// slow to answer.
#pragma once

#include "platform/table/table.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace spaces::table {

/// How many writes may be under way: fewer once most answers are slow, because a table that is overloaded is only
/// kept so by more requests, and more again once they are not. A slow answer now and then says nothing. Not
/// thread-safe.
class writers_limit {
 public:
  /// Answers that are judged together.
  static constexpr std::size_t answers_judged = 32;
  /// Many times what a write takes on either engine.
  static constexpr std::chrono::milliseconds slow_answer{500};

  explicit writers_limit(std::size_t most) : most_(most), allowed_(most) {}

  std::size_t allowed() const { return allowed_; }
  void answered(std::chrono::milliseconds took);

 private:
  const std::size_t most_;
  std::size_t allowed_;
  std::size_t answers_ = 0;
  std::size_t slow_ = 0;
};

class item_writers {
 public:
  using batch = std::vector<keyed_item>;

  /// With `compare_first`, what is there already and the same is not written again. Once `goes_on` is false, what was
  /// added and is not under way is dropped.
  item_writers(
      single_table& to, bool compare_first, std::size_t threads, std::size_t queue_max,
      bool (*goes_on)() = [] { return true; });
  item_writers(const item_writers&) = delete;
  item_writers& operator=(const item_writers&) = delete;
  ~item_writers();

  /// Waits while enough is on its way.
  void add(batch items);
  /// Writes what was added and not dropped; the first failure, if there was one.
  result<void> finish();

  bool failed() const { return failed_; }
  std::uint64_t written() const { return written_; }
  std::uint64_t unchanged() const { return unchanged_; }

 private:
  void run();
  result<outcome> write_in_turn(std::vector<operation> operations);
  result<void> write(batch& items);
  result<void> drop_unchanged(batch& items);

  single_table& to_;
  bool compare_first_;
  std::size_t queue_max_;
  bool (*goes_on_)();
  std::mutex mutex_;
  std::condition_variable changed_;  ///< the queue
  std::condition_variable turns_;    ///< who may write
  std::deque<batch> queue_;
  writers_limit limit_;
  std::size_t writing_ = 0;
  bool ended_ = false;
  std::optional<error> failure_;
  std::atomic<bool> failed_ = false;
  std::atomic<std::uint64_t> written_ = 0;
  std::atomic<std::uint64_t> unchanged_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace spaces::table
