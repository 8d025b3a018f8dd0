/// The one thread that writes: it takes the writes that wait and commits them in one transaction,
/// because what a commit costs is the disk's sync, and that costs the same for one as for many.
///
/// A page that makes no sense leaves a transaction that can neither go on nor be ended: it may know cursors on the
/// stack of functions that an exception has left. Nothing of it is in the file yet. So the write is refused, and the
/// thread ends, by which the system takes LMDB's lock from it (it is a robust one, made for writers that are killed);
/// another one opens the store anew and goes on. The memory of that transaction, some pages, is lost.
///
/// Where memory runs out, the write for which there is none is refused, and the thread goes on.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/table/lmdb/change.hpp"
#include "platform/table/lmdb/environment.hpp"
#include "platform/table/lmdb/snapshots.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace spaces::table::lmdb {

/// Writes of one group: as many as can wait together (limits::io_threads) and an import beside them.
inline constexpr std::size_t group_writes_max = 512;
/// Operations of one group. Each changes at most twelve pages and their branches: that stays under
/// the 131,071 pages that LMDB keeps of a transaction before it spills.
inline constexpr std::size_t group_operations_max = 4096;
/// Bytes of one group; a group is started again from the beginning when it fails.
inline constexpr std::size_t group_bytes_max = 16 << 20;
/// Expired items removed in one transaction: some milliseconds for which writes wait.
inline constexpr std::size_t sweep_items_max = 256;

class group_writer {
 public:
  group_writer(environment& env, snapshots& readers, const clock& time);
  group_writer(const group_writer&) = delete;
  group_writer& operator=(const group_writer&) = delete;
  /// Commits what waits.
  ~group_writer();

  /// Waits until the write is durable or refused. `operations` are valid.
  result<outcome> write(std::vector<operation> operations);
  write_counts counts() const;

 private:
  /// A write that waits, on its caller's stack.
  struct waiting {
    std::vector<operation> operations;
    std::size_t bytes = 0;
    result<outcome> answer = outcome{};
    std::mutex mutex;
    std::condition_variable answered;
    bool starved = false;  ///< there was not even memory to say so: the caller throws
    bool done = false;
  };

  void keep_writing();
  /// On a thread of its own. True when another has to go on.
  bool run();
  /// What waits, up to the group's bounds; empty when it is time for housekeeping or the end.
  std::span<waiting* const> next_group();
  void commit(std::span<waiting* const> group);
  /// What `work` returns, or MDB_CORRUPTED, and then this thread begins nothing any more.
  int in_transaction(function_ref<int()> work);
  /// One transaction for all of them; nothing is answered unless it succeeded.
  int try_commit(std::span<waiting* const> group);
  int commit_all(std::span<waiting* const> group);
  int commit_or_throw(std::span<waiting* const> group, MDB_txn*& txn);
  void refuse(waiting& one, int code) const;
  int begin(MDB_txn** txn);
  bool reopen();
  bool reopen_or_throw();
  void keep_house();
  void keep_house_or_throw();
  int sweep_once(bool& more);
  int sweep_in_transaction(std::int64_t now, bool& more);
  static void answer(waiting& one);

  environment& env_;
  snapshots& readers_;
  const clock& time_;
  change change_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<waiting*> queue_;
  // The thread's own; they have their memory from the start, as it must go on without.
  std::vector<waiting*> group_;
  std::vector<waiting*> alone_;  ///< of a group that failed: one of them may be to blame
  std::size_t next_alone_ = 0;
  std::size_t awaited_ = 1;  ///< the queue's size at which the thread wants to be woken
  bool stopping_ = false;

  bool must_end_ = false;     ///< this thread
  bool stale_ = false;        ///< the store must be opened anew before anything else
  bool sweeps_ = true;        ///< until a damaged page is met there: it would be met each time
  std::size_t expected_ = 1;  ///< writers that will probably come back soon
  std::chrono::steady_clock::duration commit_time_{};
  std::chrono::steady_clock::time_point next_housekeeping_;
  std::string write_id_;

  std::atomic<std::uint64_t> writes_ = 0;
  std::atomic<std::uint64_t> commits_ = 0;
  std::atomic<std::uint64_t> swept_ = 0;
  std::atomic<std::uint64_t> reopened_ = 0;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace spaces::table::lmdb
