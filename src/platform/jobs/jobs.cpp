#include "platform/jobs/jobs.hpp"

#include <cassert>

namespace spaces::jobs {

using record::value;

namespace layout {

std::string due_key(instant due, const uuid& id) { return to_text(due) + '#' + to_text(id); }

// '~' is behind '#', and behind every character of an id.
std::string due_until(instant now) { return to_text(now) + '~'; }

}  // namespace layout

table::key key_of(const uuid& id) { return {"JOB#" + to_text(id), "JOB"}; }

table::put enqueue(const job& what, const uuid& id, instant now) {
  record::item item;
  for (const record::attribute& each : what.details.view()) {
    assert(each.name.front() >= 'a' && each.name.front() <= 'z');
    item.append(each.name, each.value);
  }
  item.append(table::name::entity_type, value::of(layout::entity_type));
  item.append(table::name::created_at, value::of(std::string_view(to_text(now))));
  item.append(layout::kind, value::of(what.kind));
  item.append(layout::tries, value::of(make_decimal(0, 0)));
  item.append(table::name::index_pk[0], value::of(layout::due_partition));
  item.append(table::name::index_sk[0], value::of(std::string_view(layout::due_key(now + what.delay, id))));
  // A row says of which kind it is, so that a process leaves alone what it cannot do.
  item.append(table::name::card, value::of_bytes(what.kind));
  return {key_of(id), std::move(item), {table::absent{}}};
}

namespace {

result<void> count_partition(table::single_table& table, std::string_view partition,
                             function_ref<void(std::string_view kind)> seen) {
  table::query rows;
  rows.partition = partition;
  for (bool more = true; more;) {
    result<bool> left = table.visit_index(rows, [&](const table::row& row) {
      seen(row.card);
      rows.after = table::position{std::string(row.sort_key), {std::string(row.key.pk), std::string(row.key.sk)}};
      return true;
    });
    if (!left) return left.error();
    more = *left;
  }
  return {};
}

}  // namespace

result<waiting> count(table::single_table& table) {
  waiting all;
  const auto due = count_partition(table, layout::due_partition,
                                   [&](std::string_view kind) { ++all.by_kind[std::string(kind)].due; });
  if (!due) return due.error();
  const auto failed = count_partition(table, layout::failed_partition,
                                      [&](std::string_view kind) { ++all.by_kind[std::string(kind)].failed; });
  if (!failed) return failed.error();
  return all;
}

}  // namespace spaces::jobs
