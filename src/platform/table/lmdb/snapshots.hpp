/// Snapshots to read from, kept open between uses: taking one is a compare-and-swap and a few loads.
#pragma once

#include "platform/table/lmdb/environment.hpp"

#include <array>
#include <atomic>
#include <chrono>

namespace spaces::table::lmdb {

class snapshots {
 public:
  explicit snapshots(environment& env) : env_(env) {}
  snapshots(const snapshots&) = delete;
  snapshots& operator=(const snapshots&) = delete;
  ~snapshots();

  /// Keeps newcomers waiting, and closes every snapshot once nobody uses it any more. False, and
  /// nothing changed, when somebody still does after `time_max`. Then `let_in` must follow.
  bool shut_out(std::chrono::milliseconds time_max);
  void let_in();
  /// Somebody wants the snapshots gone: a long walk should end.
  bool wanted_back() const { return shut_.load(std::memory_order_relaxed); }

 private:
  struct alignas(64) slot {
    std::atomic<bool> busy = false;
    MDB_txn* txn = nullptr;
    MDB_cursor* cursor = nullptr;
  };
  friend class snapshot;

  slot* take();
  int renew(slot& taken);
  int begin(slot& taken);
  static void discard(slot& taken);

  environment& env_;
  std::atomic<bool> shut_ = false;
  std::array<slot, snapshots_max> slots_;
};

/// The store as it was at one moment, for as long as this lives.
class snapshot {
 public:
  explicit snapshot(snapshots& pool);
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  ~snapshot();

  explicit operator bool() const { return slot_ != nullptr; }
  error failure() const;
  MDB_txn* txn() const { return slot_->txn; }
  /// One for each snapshot, not positioned.
  MDB_cursor* cursor() const { return slot_->cursor; }
  /// MDB_NOTFOUND when there is none.
  int get(std::string_view tree_key, std::string_view& value) const;

 private:
  snapshots::slot* slot_ = nullptr;
  int code_ = MDB_SUCCESS;
};

}  // namespace spaces::table::lmdb
