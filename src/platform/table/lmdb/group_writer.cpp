#include "platform/table/lmdb/group_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <exception>
#include <new>
#include <utility>

namespace spaces::table::lmdb {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// How long a group may wait for writers who were just answered and will come back: a part of what
/// a commit takes, so that waiting never costs more than it can save.
constexpr steady::duration gather_max = 2ms;
/// How long a reopen waits for readers to finish.
constexpr std::chrono::milliseconds reopen_patience{2000};

/// Before a thread is asked for again.
constexpr std::chrono::milliseconds thread_pause{50};

/// Whatever becomes of the reopening.
struct let_in_again {
  snapshots& readers;
  ~let_in_again() { readers.let_in(); }
};

std::int64_t seconds(instant when) { return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count(); }

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

}  // namespace

group_writer::group_writer(environment& env, snapshots& readers, const clock& time)
    : env_(env), readers_(readers), time_(time), next_housekeeping_(steady::now()) {
  group_.reserve(group_writes_max);
  alone_.reserve(group_writes_max);
  thread_ = std::thread([this] { keep_writing(); });
}

group_writer::~group_writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

result<outcome> group_writer::write(std::vector<operation> operations) {
  waiting mine;
  for (const operation& each : operations) {
    if (const auto* what = std::get_if<put>(&each)) mine.bytes += what->item.view().bytes().size();
  }
  mine.operations = std::move(operations);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return unavailable("the store is closing");
    queue_.push_back(&mine);
    if (queue_.size() == awaited_) wake_.notify_one();
  }
  std::unique_lock lock(mine.mutex);
  mine.answered.wait(lock, [&] { return mine.done; });
  if (mine.starved) throw std::bad_alloc();
  return std::move(mine.answer);
}

write_counts group_writer::counts() const {
  return {.writes = writes_.load(), .commits = commits_.load(), .swept = swept_.load(), .reopened = reopened_.load()};
}

void group_writer::keep_writing() {
  for (bool again = true; again;) {
    try {
      std::thread([&] { again = run(); }).join();
    } catch (const std::exception&) {
      std::this_thread::sleep_for(thread_pause);  // the system gives no thread now; writes wait meanwhile
    }
  }
}

bool group_writer::run() {
  if (std::exchange(must_end_, false)) static_cast<void>(reopen());
  while (true) {
    const std::span<waiting* const> group = next_group();
    if (!group.empty()) {
      commit(group);
      expected_ = group.size();
    }
    if (group.empty()) {
      const std::lock_guard lock(mutex_);
      if (stopping_ && queue_.empty()) return false;
    }
    if (!must_end_ && steady::now() >= next_housekeeping_) keep_house();
    if (must_end_) return true;
  }
}

std::span<group_writer::waiting* const> group_writer::next_group() {
  group_.clear();
  if (next_alone_ < alone_.size()) {
    group_.push_back(alone_[next_alone_++]);
    return group_;
  }
  std::unique_lock lock(mutex_);
  awaited_ = 1;
  wake_.wait_until(lock, next_housekeeping_, [&] { return stopping_ || !queue_.empty(); });
  if (!queue_.empty() && queue_.size() < expected_ && !stopping_) {
    awaited_ = expected_;
    wake_.wait_for(lock, std::min(commit_time_ / 2, gather_max),
                   [&] { return stopping_ || queue_.size() >= expected_; });
  }
  std::size_t taken = 0;
  std::size_t operations = 0;
  std::size_t bytes = 0;
  while (taken < queue_.size() && taken < group_writes_max) {
    operations += queue_[taken]->operations.size();
    bytes += queue_[taken]->bytes;
    if (taken > 0 && (operations > group_operations_max || bytes > group_bytes_max)) break;
    ++taken;
  }
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(taken);
  group_.assign(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
  return group_;
}

void group_writer::commit(std::span<waiting* const> group) {
  const int code = try_commit(group);
  if (code != MDB_SUCCESS && group.size() > 1) {  // one of them may be to blame, or too much for the disk or memory
    alone_.assign(group.begin(), group.end());
    next_alone_ = 0;
    return;
  }
  if (code != MDB_SUCCESS) refuse(*group.front(), code);
  writes_.fetch_add(group.size(), std::memory_order_relaxed);
  for (waiting* const each : group) answer(*each);
}

void group_writer::refuse(waiting& one, int code) const {
  try {
    one.answer = failure_of(env_.means_full(code) ? ENOSPC : code, "writing to the store");
  } catch (const std::bad_alloc&) {
    one.starved = true;
  }
}

void group_writer::answer(waiting& one) {
  // Notified under the lock: the caller's stack, and the condition on it, are gone right after.
  const std::lock_guard lock(one.mutex);
  one.done = true;
  one.answered.notify_one();
}

int group_writer::in_transaction(function_ref<int()> work) {
  ++damage_catchers;
  int code = MDB_CORRUPTED;
  try {
    code = work();
  } catch (const damaged_page&) {
    must_end_ = stale_ = true;
  }
  --damage_catchers;
  return code;
}

int group_writer::try_commit(std::span<waiting* const> group) {
  return in_transaction([&] { return commit_all(group); });
}

int group_writer::commit_all(std::span<waiting* const> group) {
  MDB_txn* txn = nullptr;
  try {
    return commit_or_throw(group, txn);
  } catch (const std::bad_alloc&) {
    if (txn) mdb_txn_abort(txn);
    return ENOMEM;
  }
}

/// `txn` is what is to be aborted where it throws.
int group_writer::commit_or_throw(std::span<waiting* const> group, MDB_txn*& txn) {
  if (const int code = begin(&txn); code != MDB_SUCCESS) return code;
  const std::size_t id = mdb_txn_id(txn);
  const std::int64_t now = seconds(time_.now());
  for (std::size_t i = 0; i < group.size(); ++i) {
    // Transaction and place in it: no other write of this store has them.
    write_id_.clear();
    append_number(write_id_, id);
    write_id_.push_back('.');
    append_number(write_id_, i);
    change::applied done = change_.apply(txn, group[i]->operations, now, write_id_);
    if (done.code != MDB_SUCCESS) {
      mdb_txn_abort(std::exchange(txn, nullptr));
      return done.code;
    }
    if (done.failure) {
      group[i]->answer = std::move(*done.failure);
    } else {
      group[i]->answer = std::move(done.refused);
    }
  }
  const auto started = steady::now();
  const int code = mdb_txn_commit(std::exchange(txn, nullptr));
  commit_time_ = steady::now() - started;
  if (code == MDB_SUCCESS) {
    commits_.fetch_add(1, std::memory_order_relaxed);
    return code;
  }
  // A root that could not be written makes LMDB give the environment up, readers too: immediately anew.
  if (begin(&txn) == MDB_SUCCESS) mdb_txn_abort(std::exchange(txn, nullptr));
  return code;
}

int group_writer::begin(MDB_txn** txn) {
  int code = env_.get() && !stale_ ? mdb_txn_begin(env_.get(), nullptr, 0, txn) : MDB_PANIC;
  if (code == MDB_PANIC && reopen()) code = mdb_txn_begin(env_.get(), nullptr, 0, txn);
  return code;
}

bool group_writer::reopen() {
  try {
    return reopen_or_throw();
  } catch (const std::bad_alloc&) {
    return false;  // the next write tries again
  }
}

bool group_writer::reopen_or_throw() {
  if (!readers_.shut_out(reopen_patience)) {
    readers_.let_in();
    env_.note(
        "The store could not be reopened after a failed write: a long read is in the way; trying again with the next "
        "write");
    return false;
  }
  const result<void> opened = [&] {
    const let_in_again at_the_end{readers_};
    return env_.reopen();
  }();
  if (!opened) {
    env_.note("The store could not be reopened after a failed write: " + opened.error().public_text);
    return false;
  }
  reopened_.fetch_add(1, std::memory_order_relaxed);
  env_.note(std::exchange(stale_, false)
                ? "The store was reopened after a write that met a damaged page; nothing of that write was kept"
                : "The store was reopened after a failed write of its root; nothing that was acknowledged is lost");
  return true;
}

void group_writer::keep_house() {
  next_housekeeping_ = steady::now() + env_.options().housekeeping_interval;
  try {
    keep_house_or_throw();
  } catch (const std::bad_alloc&) {
    return;  // it can wait
  }
}

void group_writer::keep_house_or_throw() {
  bool more = false;
  const int code = sweeps_ ? sweep_once(more) : MDB_SUCCESS;
  if (must_end_) sweeps_ = false;
  if (code != MDB_SUCCESS) env_.note("Expired items could not be swept: " + failure_of(code, "sweeping").private_text);
  // With more to sweep, the next step follows the next group, or comes immediately when nobody writes.
  const auto pause = more && code == MDB_SUCCESS ? steady::duration{} : env_.options().housekeeping_interval;
  next_housekeeping_ = steady::now() + pause;
  if (more || !env_.get()) return;
  int cleared = 0;
  mdb_reader_check(env_.get(), &cleared);
}

int group_writer::sweep_once(bool& more) {
  const std::int64_t now = seconds(time_.now());
  try {
    const snapshot view(readers_);
    if (!view) return MDB_SUCCESS;  // the next to need the store will say so
    MDB_val at = as_val({&expiry_prefix, 1});
    MDB_val value{};
    if (mdb_cursor_get(view.cursor(), &at, &value, MDB_SET_RANGE) != MDB_SUCCESS) return MDB_SUCCESS;
    const auto first = parse_expiry_key(as_view(at));
    if (!first || first->seconds > now) return MDB_SUCCESS;
  } catch (const damaged_page&) {
    return MDB_CORRUPTED;
  }
  return in_transaction([&] { return sweep_in_transaction(now, more); });
}

int group_writer::sweep_in_transaction(std::int64_t now, bool& more) {
  MDB_txn* txn = nullptr;
  if (const int code = begin(&txn); code != MDB_SUCCESS) return code;
  const change::swept done = [&] {
    try {
      return change_.sweep(txn, now, sweep_items_max);
    } catch (const std::bad_alloc&) {
      return change::swept{ENOMEM, 0, false};
    }
  }();
  if (done.code != MDB_SUCCESS) {
    mdb_txn_abort(txn);
    return done.code;
  }
  const int code = mdb_txn_commit(txn);
  if (code == MDB_SUCCESS) {
    swept_.fetch_add(done.items, std::memory_order_relaxed);
    more = done.more;
  }
  return code;
}

}  // namespace spaces::table::lmdb
