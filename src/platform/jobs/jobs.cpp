#include "platform/jobs/jobs.hpp"

#include "platform/jobs/earlier_jobs.hpp"

#include <cassert>

namespace spaces::jobs {

using record::value;

namespace layout {

std::string due_key(instant due, const uuid& id) { return to_text(due) + '#' + to_text(id); }

std::optional<uuid> id_in(std::string_view due_key) {
  const std::size_t mark = due_key.find('#');
  return mark == std::string_view::npos ? std::nullopt : parse_uuid(due_key.substr(mark + 1));
}

// '~' is behind '#', and behind every character of an id.
std::string due_until(instant now) { return to_text(now) + '~'; }

}  // namespace layout

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
  return {{std::string(layout::due_partition(what.queue)), layout::due_key(now + what.delay, id)},
          std::move(item),
          {table::absent{}}};
}

namespace {

result<void> count_partition(table::single_table& table, std::string_view partition,
                             function_ref<void(std::string_view kind)> seen) {
  table::partition_query items{std::string(partition)};
  for (bool more = true; more;) {
    result<bool> left = table.visit_partition(items, [&](table::key_view where, record::item_view item) {
      seen(item.find(layout::kind).text);
      items.after = std::string(where.sk);
      return true;
    });
    if (!left) return left.error();
    more = *left;
  }
  return count_earlier_jobs(table, partition, seen);
}

}  // namespace

result<waiting> count(table::single_table& table) {
  waiting all;
  for (const queue which : {queue::quick, queue::slow}) {
    const auto due = count_partition(table, layout::due_partition(which),
                                     [&](std::string_view kind) { ++all.by_kind[std::string(kind)].due; });
    if (!due) return due.error();
  }
  const auto failed = count_partition(table, layout::failed_partition,
                                      [&](std::string_view kind) { ++all.by_kind[std::string(kind)].failed; });
  if (!failed) return failed.error();
  return all;
}

}  // namespace spaces::jobs
