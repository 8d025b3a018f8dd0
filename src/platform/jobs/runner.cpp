#include "platform/jobs/runner.hpp"

#include "platform/base/digest.hpp"
#include "platform/jobs/earlier_jobs.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace spaces::jobs {

using record::value;

namespace {

bool is_for_good(error_kind kind) {
  switch (kind) {
    case error_kind::unavailable:
    case error_kind::limited:
    case error_kind::storage_full:
    case error_kind::conflict:
    case error_kind::internal: return false;
    default: return true;
  }
}

std::string text_of(const error& why) {
  if (why.private_text.empty()) return why.public_text;
  return why.public_text.empty() ? why.private_text : why.public_text + ": " + why.private_text;
}

/// A job as it was found.
struct due_job {
  std::string place;  ///< its sort key
  record::item item;
};

table::key due_place(queue which, std::string_view sort_key) {
  return {std::string(layout::due_partition(which)), std::string(sort_key)};
}

}  // namespace

/// A job under our lease.
struct runner::taken {
  uuid id;
  table::key place;
  std::string kind;
  std::int64_t tries = 0;  // this one included, which is what is ours
  record::item item;

  /// Nobody took it over.
  std::vector<table::condition> ours() const {
    return {table::equals{std::string(layout::tries), make_decimal(tries, 0)}};
  }
};

runner::runner(table::single_table& table, const clock& clock, const telemetry::log& log, retry_policy retries,
               queue which)
    : table_(table), clock_(clock), log_(log), retries_(retries), queue_(which) {}

void runner::handle(std::string_view kind, handler does) { handlers_[std::string(kind)] = std::move(does); }

result<drained> runner::drain(deadline_time until, const std::stop_token& stop) {
  if (const auto moved = look_for_earlier(); !moved) return moved.error();
  drained all;
  if (handlers_.empty()) return all;  // nothing is its own, and asking costs
  for (;;) {
    result<drained> one = pass(until, stop);
    if (!one) return one;
    all.done += one->done;
    all.put_off += one->put_off;
    all.failed += one->failed;
    // A job may have asked for another. What was put off is a matter of a later drain.
    if (one->done == 0 || stop.stop_requested() || std::chrono::steady_clock::now() >= until) return all;
  }
}

/// At the start, and now and then while processes of an earlier version may be beside us.
result<void> runner::look_for_earlier() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  auto next = next_look_.load();
  if (now < next || !next_look_.compare_exchange_strong(next, now + earlier_jobs_interval.count())) return {};
  const auto moved = move_earlier_jobs(table_, clock_);
  if (!moved) next_look_.store(next);
  return moved;
}

result<drained> runner::pass(deadline_time until, const std::stop_token& stop) {
  table::partition_query due{std::string(layout::due_partition(queue_))};
  due.to = layout::due_until(clock_.now());
  due.limit = pass_rows_max;
  std::vector<due_job> found;
  const auto listed = table_.visit_partition(due, [&](table::key_view where, record::item_view item) {
    if (handlers_.contains(item.find(layout::kind).text)) found.push_back({std::string(where.sk), record::item(item)});
    return true;
  });
  if (!listed && found.empty()) return listed.error();

  drained counts;
  std::set<std::string> down;
  for (due_job& each : found) {
    if (stop.stop_requested() || std::chrono::steady_clock::now() >= until) break;
    if (down.contains(std::string(each.item.find(layout::kind).text))) continue;
    const auto job = take(each.place, std::move(each.item));
    if (!job) return job.error();
    if (!*job) continue;
    const result<void> outcome = carry_out(**job);
    if (!outcome && outcome.error().kind == error_kind::unavailable) down.insert((*job)->kind);
    if (const auto noted = finish(**job, outcome, counts); !noted) return noted.error();
  }
  if (!listed) return listed.error();  // a damaged item does not keep the others from their turn
  return counts;
}

result<void> runner::carry_out(const taken& job) const {
  const deadline_scope scope(retries_.lease);
  try {
    return handlers_.find(job.kind)->second(job.id, job.item.view());
  } catch (const std::exception& bug) {
    return internal(bug.what());
  }
}

/// It may have been found a moment late: that nobody else has taken it since is the condition of the lease.
result<std::optional<runner::taken>> runner::take(const std::string& place, record::item item) {
  const instant now = clock_.now();
  const auto id = layout::id_in(place);
  const std::string_view leased = item.find(layout::leased_until).text;
  if (!id || (!leased.empty() && leased > to_text(now))) return std::optional<taken>{};
  const std::int64_t tries = item.find(layout::tries).number.digits;
  taken job;
  job.id = *id;
  job.place = due_place(queue_, place);
  job.kind = item.find(layout::kind).text;
  // Counted before it is tried: one that takes the process with it must come to its end, too.
  job.tries = tries + 1;
  item.set(layout::tries, value::of(make_decimal(job.tries, 0)));
  item.set(layout::leased_until, value::of(std::string_view(to_text(now + retries_.lease))));
  job.item = item;
  auto written = table_.write(
      {table::put{job.place, std::move(item), {table::equals{std::string(layout::tries), make_decimal(tries, 0)}}}});
  if (!written) return written.error();
  if (*written) return std::optional<taken>{};
  return std::optional<taken>(std::move(job));
}

result<void> runner::finish(const taken& job, const result<void>& outcome, drained& counts) {
  if (outcome) {
    ++counts.done;
    // Refused where the lease ran out and another took it: it is done again, then.
    const auto written = table_.write({table::remove{job.place, job.ours()}});
    if (!written) return written.error();
    return {};
  }
  const bool again = !is_for_good(outcome.error().kind) && job.tries < retries_.tries_max;
  ++(again ? counts.put_off : counts.failed);
  return again ? put_off(job, outcome.error()) : give_up(job, outcome.error());
}

result<void> runner::put_off(const taken& job, const error& why) {
  const auto pause = pause_after(job.tries);
  record::item item = job.item;
  item.set(layout::leased_until, value());
  item.set(layout::trouble, value::of(std::string_view(text_of(why))));
  const auto written = move(job, due_place(queue_, layout::due_key(clock_.now() + pause, job.id)), std::move(item));
  if (!written) return written.error();
  log_.write(telemetry::level::warning, "job-put-off",
             {{"job", to_text(job.id)},
              {"kind", job.kind},
              {"tries", std::to_string(job.tries)},
              {"again-in-seconds", std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count())},
              {"detail", text_of(why)}});
  return {};
}

result<void> runner::give_up(const taken& job, const error& why) {
  const instant now = clock_.now();
  const auto expiry = std::chrono::floor<std::chrono::seconds>(now + retries_.failed_kept).time_since_epoch().count();
  record::item item = job.item;
  item.set(table::name::ttl, value::of(make_decimal(expiry, 0)));
  item.set(layout::trouble, value::of(std::string_view(text_of(why))));
  const auto written =
      move(job, {std::string(layout::failed_partition), layout::due_key(now, job.id)}, std::move(item));
  if (!written) return written.error();
  log_.write(
      telemetry::level::error, "job-failed",
      {{"job", to_text(job.id)}, {"kind", job.kind}, {"tries", std::to_string(job.tries)}, {"detail", text_of(why)}});
  return {};
}

/// The time is in the key: elsewhere is another item.
result<table::outcome> runner::move(const taken& job, table::key place, record::item item) {
  return table_.write({table::remove{job.place, job.ours()}, table::put{std::move(place), std::move(item), {}}});
}

std::chrono::milliseconds runner::pause_after(std::int64_t tries) const {
  auto pause = retries_.first_pause;
  for (std::int64_t n = 1; n < tries && pause < retries_.pause_max; ++n) pause *= 2;
  pause = std::min(pause, retries_.pause_max);
  std::uint8_t random[2];
  fill_random(random);
  const std::int64_t roll = random[0] * 256 + random[1];  // 0 to 65,535: from 3/4 to 5/4 of the pause
  return pause * 3 / 4 + pause * roll / (2 * 65536);
}

void bell::ring() {
  const std::lock_guard lock(mutex_);
  ringing_ = true;
  rang_.notify_one();
}

void bell::wait(std::chrono::milliseconds at_most, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  rang_.wait_for(lock, stop, at_most, [this] { return ringing_; });
  ringing_ = false;
}

}  // namespace spaces::jobs
