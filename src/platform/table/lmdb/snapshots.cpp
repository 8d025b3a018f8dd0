#include "platform/table/lmdb/snapshots.hpp"

#include "platform/table/lmdb/layout.hpp"

#include <cerrno>
#include <thread>

namespace spaces::table::lmdb {

namespace {

/// How long a reader waits for the writer to reopen a store that LMDB has given up.
constexpr std::chrono::milliseconds reopen_wait_max{3000};
constexpr std::chrono::milliseconds reopen_poll{1};

/// A place of its own for each thread to look at first, so that threads rarely meet.
std::size_t first_place() {
  static std::atomic<std::size_t> threads = 0;
  thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed) % snapshots_max;
  return mine;
}

}  // namespace

snapshots::~snapshots() {
  for (slot& each : slots_) discard(each);
}

void snapshots::discard(slot& taken) {
  if (taken.cursor) mdb_cursor_close(taken.cursor);
  if (taken.txn) mdb_txn_abort(taken.txn);
  taken.cursor = nullptr;
  taken.txn = nullptr;
}

snapshots::slot* snapshots::take() {
  const std::size_t first = first_place();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    slot& each = slots_[(first + i) % slots_.size()];
    // Sequentially consistent, like `shut_`: either we see the door shut, or who shuts it sees us.
    if (!each.busy.load(std::memory_order_relaxed) && !each.busy.exchange(true)) return &each;
  }
  return nullptr;
}

int snapshots::begin(slot& taken) {
  if (!env_.get()) return MDB_PANIC;  // a reopen failed; the next write tries again
  int code = mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &taken.txn);
  if (code == MDB_READERS_FULL) {
    int cleared = 0;
    mdb_reader_check(env_.get(), &cleared);
    code = mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &taken.txn);
  }
  if (code != MDB_SUCCESS) {
    taken.txn = nullptr;
    return code;
  }
  code = mdb_cursor_open(taken.txn, tree, &taken.cursor);
  if (code != MDB_SUCCESS) discard(taken);
  return code;
}

int snapshots::renew(slot& taken) {
  if (!taken.txn) return begin(taken);
  int code = mdb_txn_renew(taken.txn);
  if (code == MDB_SUCCESS) code = mdb_cursor_renew(taken.txn, taken.cursor);
  if (code != MDB_SUCCESS) discard(taken);
  return code;
}

bool snapshots::shut_out(std::chrono::milliseconds time_max) {
  shut_.store(true);
  const auto until = std::chrono::steady_clock::now() + time_max;
  for (slot& each : slots_) {
    while (each.busy.load()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(reopen_poll);
    }
  }
  for (slot& each : slots_) discard(each);
  return true;
}

void snapshots::let_in() { shut_.store(false); }

snapshot::snapshot(snapshots& pool) {
  for (auto waited = std::chrono::milliseconds{0}; waited <= reopen_wait_max; waited += reopen_poll) {
    slot_ = pool.take();
    if (!slot_) {
      code_ = MDB_READERS_FULL;
      return;
    }
    const bool shut = pool.shut_.load();
    code_ = shut ? MDB_PANIC : pool.renew(*slot_);
    if (code_ == MDB_SUCCESS) {
      ++damage_catchers;
      return;
    }
    slot_->busy.store(false);
    slot_ = nullptr;
    if (code_ != MDB_PANIC) return;
    std::this_thread::sleep_for(reopen_poll);
  }
}

snapshot::~snapshot() {
  if (!slot_) return;
  --damage_catchers;
  mdb_txn_reset(slot_->txn);
  slot_->busy.store(false, std::memory_order_release);
}

error snapshot::failure() const { return failure_of(code_, "reading the store"); }

int snapshot::get(std::string_view tree_key, std::string_view& value) const {
  MDB_val at = as_val(tree_key);
  MDB_val found{};
  const int code = mdb_get(slot_->txn, tree, &at, &found);
  if (code == MDB_SUCCESS) value = as_view(found);
  return code;
}

}  // namespace spaces::table::lmdb
