#include "marketplace/properties/import/import_writers.hpp"

#include "platform/base/limits.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace spaces::properties {

namespace {

/// What `operation` answers, once the table can: for `import_patience` at most.
template <class Operation>
auto patiently(Operation operation) {
  using namespace std::chrono_literals;
  const auto until = std::chrono::steady_clock::now() + import_patience;
  for (std::chrono::milliseconds pause = 100ms;; pause = std::min<std::chrono::milliseconds>(2 * pause, 5s)) {
    auto answer = operation();
    if (answer || !may_pass(answer.error())) return answer;
    if (std::chrono::steady_clock::now() + pause > until) return answer;
    std::this_thread::sleep_for(pause);
  }
}

std::size_t threads_for(const table::single_table* store) {
  return store && store->operations_together() == 1 ? import_requests_together : import_writers_count;
}

}  // namespace

import_writers::import_writers(table::single_table* store, bool writes, const clock& time,
                               const import_settings& settings, const rejection_sink& reject)
    : store_(store),
      writes_(writes && store),
      time_(time),
      owner_(settings.mapping.owner),
      restore_(settings.restore),
      fetches_(settings.fetch_images),
      reject_(reject) {
  for (std::size_t i = threads_for(store); i > 0; --i) shares_.push_back(std::make_unique<share>());
  for (const auto& one : shares_) one->thread = std::thread([this, &mine = *one] { run(mine); });
}

import_writers::~import_writers() { finish(); }

void import_writers::add(incoming_row row) {
  share& to = *shares_[row.row.id.bytes.back() % shares_.size()];
  to.pending_bytes += row.cells.size();
  to.pending.push_back(std::move(row));
  if (to.pending.size() == table::batch_keys_max || to.pending_bytes > import_batch_bytes_max) hand_over(to);
}

void import_writers::hand_over(share& to) {
  std::unique_lock lock(to.mutex);
  to.changed.wait(lock, [&] { return to.queue.size() < import_queue_max; });
  to.queue.push_back(std::exchange(to.pending, {}));
  to.pending_bytes = 0;
  to.changed.notify_all();
}

void import_writers::finish() {
  for (const auto& one : shares_) {
    if (!one->thread.joinable()) continue;
    if (!one->pending.empty()) hand_over(*one);
    const std::lock_guard lock(one->mutex);
    one->ended = true;
    one->changed.notify_all();
  }
  for (const auto& one : shares_)
    if (one->thread.joinable()) one->thread.join();
}

void import_writers::run(share& mine) {
  for (;;) {
    batch rows;
    {
      std::unique_lock lock(mine.mutex);
      mine.changed.wait(lock, [&] { return mine.ended || !mine.queue.empty(); });
      if (mine.queue.empty()) return;
      rows = std::move(mine.queue.front());
      mine.queue.pop_front();
      mine.changed.notify_all();
    }
    if (!failed()) write(rows);
  }
}

/// Rows of one listing go one after the other, the rest together.
void import_writers::write(batch& rows) {
  std::span<incoming_row> rest(rows);
  while (!rest.empty() && !failed()) {
    std::set<uuid> seen;
    std::size_t size = 0;
    while (size < rest.size() && seen.insert(rest[size].row.id).second) ++size;
    if (const result<void> done = write_distinct(rest.first(size)); !done) fail(done.error());
    rest = rest.subspan(size);
  }
}

import_merge import_writers::merge(const incoming_row& row, const record::item* before) const {
  return restore_ ? merge_restore(row, before) : merge_import(row, owner_, before, time_.now());
}

/// The job, to stand in the transaction that names them.
table::put import_writers::fetch_images_of(const uuid& listing) const {
  record::item details;
  details.append("propertyId", record::value::of(std::string_view(to_text(listing))));
  return jobs::enqueue({fetch_images_job, std::move(details), {}, jobs::queue::slow}, make_uuid_v7(time_.now()),
                       time_.now());
}

result<void> import_writers::write_distinct(std::span<incoming_row> rows) {
  std::vector<std::optional<record::item>> there(rows.size());
  if (store_) {
    std::vector<table::key> keys;
    keys.reserve(rows.size());
    for (const incoming_row& one : rows) keys.push_back(key_of(one.row.id));
    auto found = patiently([&] { return store_->read_batch(keys, table::consistency::strong); });
    if (!found) return found.error();
    there = *std::move(found);
  }
  std::vector<table::operation> operations;
  std::vector<std::size_t> places;
  std::size_t bytes = 0;
  import_counts counted;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    import_merge what = merge(rows[i], there[i] ? &*there[i] : nullptr);
    if (!what.becomes || !writes_) {
      if (what.verdict == verdict::rejected)
        count_rejected(rows[i], std::move(what.reason));
      else
        count(what.verdict);
      continue;
    }
    table::key key = key_of(rows[i].row.id);
    const std::size_t size = table::counted_bytes(key, what.becomes->view());
    const bool fetches = fetches_ && what.has_outside;
    const std::size_t room = operations.empty() ? 0 : operations.size() + (fetches ? 1 : 0);
    if (bytes + size > table::transaction_bytes_max || room >= store_->operations_together()) {
      if (auto done = commit(rows, places, operations, counted); !done) return done;
      bytes = 0;
    }
    bytes += size;
    std::vector<table::condition> unchanged;
    if (what.verdict == verdict::created)
      unchanged.emplace_back(table::absent{});
    else
      unchanged.emplace_back(
          table::equals{std::string(table::version_attribute), make_decimal(what.version_before, 0)});
    ++(what.verdict == verdict::created ? counted.created : counted.updated);
    operations.emplace_back(table::put{std::move(key), *std::move(what.becomes), std::move(unchanged)});
    if (fetches) operations.emplace_back(fetch_images_of(rows[i].row.id));
    places.push_back(i);
  }
  return commit(rows, places, operations, counted);
}

/// Writes what is ready as one transaction; when somebody else was there first, or nobody knows whether it
/// was written, one by one.
result<void> import_writers::commit(std::span<incoming_row> rows, std::vector<std::size_t>& places,
                                    std::vector<table::operation>& operations, import_counts& counted) {
  if (operations.empty()) return {};
  const result<table::outcome> written = store_->write(std::exchange(operations, {}));
  const std::vector<std::size_t> ready = std::exchange(places, {});
  const import_counts wrote = std::exchange(counted, {});
  if (!written && !may_pass(written.error())) return written.error();
  if (written && !*written) {
    count(verdict::created, wrote.created);
    count(verdict::updated, wrote.updated);
    return {};
  }
  for (const std::size_t at : ready)
    if (const result<void> done = write_alone(rows[at]); !done) return done;
  return {};
}

namespace {
/// What ends a revision that changes nothing: no failure, and never shown.
constexpr error_kind nothing_to_write = error_kind::precondition_failed;
}  // namespace

result<void> import_writers::write_alone(const incoming_row& row) {
  import_merge what;
  const auto settled = [&](const record::item* before) -> result<table::revision> {
    what = merge(row, before);
    table::revision becomes{what.becomes};
    if (what.becomes && fetches_ && what.has_outside) becomes.alongside.emplace_back(fetch_images_of(row.row.id));
    if (what.becomes) return becomes;
    error none;
    none.kind = nothing_to_write;
    return none;
  };
  const auto done = patiently([&] {
    return table::revise(*store_, key_of(row.row.id), time_, time_.now() + limits::request_time_max, settled);
  });
  if (!done && done.error().kind != nothing_to_write) return done.error();
  if (what.verdict == verdict::rejected)
    count_rejected(row, std::move(what.reason));
  else
    count(what.verdict);
  return {};
}

void import_writers::count(verdict what, std::uint64_t times) {
  counts_[static_cast<std::size_t>(what)].fetch_add(times, std::memory_order_relaxed);
}

void import_writers::count_rejected(const incoming_row& row, std::string reason) {
  {
    const std::lock_guard lock(reject_mutex_);
    totals_.add(lost::row, {}, reason, row.line, row.cells);
  }
  reject({row.line, "", std::move(reason), row.cells});
}

void import_writers::reject(const rejected_row& row) {
  count(verdict::rejected);
  const std::lock_guard lock(reject_mutex_);
  if (const result<void> taken = reject_(row); !taken) fail(taken.error());
}

void import_writers::fail(const error& why) {
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = why;
  failed_ = true;
}

std::optional<error> import_writers::failure() const {
  const std::lock_guard lock(failure_mutex_);
  return failure_;
}

void import_writers::read_counts(import_counts& counts) const {
  const auto of = [&](verdict what) { return counts_[static_cast<std::size_t>(what)].load(std::memory_order_relaxed); };
  counts.created = of(verdict::created);
  counts.updated = of(verdict::updated);
  counts.unchanged = of(verdict::unchanged);
  counts.older = of(verdict::older);
  counts.rejected = of(verdict::rejected);
}

}  // namespace spaces::properties
