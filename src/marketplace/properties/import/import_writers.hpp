/// The writing half of an import: several threads, each with its own share of the ids, so that rows of
/// one listing keep their order and no two threads meet at one item.
#pragma once

#include "marketplace/properties/import/import.hpp"
#include "marketplace/properties/import/import_merge.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace spaces::properties {

/// Threads that merge rows and wait for commits. The embedded engine commits up to 4,096 of them together:
/// 40 threads wait for one commit while the others make the next one ready.
inline constexpr std::size_t import_writers_count = 64;
/// The same for a table that takes one operation a request: at DynamoDB's 5 ms each, 3,000 writes a second, which
/// is most of what a new table takes.
inline constexpr std::size_t import_requests_together = 16;
/// A table on the network that cannot answer is tried again for so long: a throttled one recovers within it.
inline constexpr std::chrono::seconds import_patience{60};
/// Batches that wait for one thread, so that reading goes on while it waits for the disk.
inline constexpr std::size_t import_queue_max = 1;
/// Text of one batch: bounds what is in flight to 64 * 3 of them however long the rows are.
inline constexpr std::size_t import_batch_bytes_max = 256 * 1024;

class import_writers {
 public:
  import_writers(table::single_table* store, bool writes, const clock& time, const import_settings& settings,
                 const rejection_sink& reject);
  import_writers(const import_writers&) = delete;
  import_writers& operator=(const import_writers&) = delete;
  /// Writes what was added.
  ~import_writers();

  /// Waits while the row's thread has enough to do.
  void add(incoming_row row);
  /// Rejected before it came here.
  void reject(const rejected_row& row);
  /// Writes everything that was added; then no more may be.
  void finish();

  /// What the threads did so far.
  void read_counts(import_counts& counts) const;
  /// Of rows that the threads rejected; once they are finished.
  const reason_totals& totals() const { return totals_; }
  /// The first failure of any thread; from then on rows are dropped.
  std::optional<error> failure() const;
  bool failed() const { return failed_.load(std::memory_order_relaxed); }

 private:
  using batch = std::vector<incoming_row>;
  struct share {
    batch pending;
    std::size_t pending_bytes = 0;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<batch> queue;
    bool ended = false;
    std::thread thread;
  };

  void hand_over(share& to);
  void run(share& mine);
  void write(batch& rows);
  result<void> write_distinct(std::span<incoming_row> rows);
  result<void> commit(std::span<incoming_row> rows, std::vector<std::size_t>& places,
                      std::vector<table::operation>& operations, import_counts& counted);
  result<void> write_alone(const incoming_row& row);
  import_merge merge(const incoming_row& row, const record::item* before) const;
  table::put fetch_images_of(const uuid& listing) const;
  void count(verdict what, std::uint64_t times = 1);
  void count_rejected(const incoming_row& row, std::string reason);
  void fail(const error& why);

  table::single_table* store_;
  bool writes_;
  const clock& time_;
  uuid owner_;
  bool restore_;
  bool fetches_;
  const rejection_sink& reject_;
  std::mutex reject_mutex_;
  reason_totals totals_;
  mutable std::mutex failure_mutex_;
  std::optional<error> failure_;
  std::atomic<bool> failed_ = false;
  std::atomic<std::uint64_t> counts_[5] = {};  ///< by verdict
  std::vector<std::unique_ptr<share>> shares_;
};

}  // namespace spaces::properties
