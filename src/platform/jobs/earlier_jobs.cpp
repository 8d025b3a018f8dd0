#include "platform/jobs/earlier_jobs.hpp"

#include "platform/jobs/jobs.hpp"

#include <string>
#include <utility>
#include <vector>

namespace spaces::jobs {

namespace {

using record::value;

constexpr std::string_view key_prefix = "JOB#";

/// Where it stands now; empty where it is gone, has been moved, or is another process's at the moment.
result<void> move_one(table::single_table& table, const table::key& from, std::string_view partition,
                      const std::string& now) {
  auto found = table.get(from, table::consistency::strong);
  if (!found) return found.error();
  if (!*found) return {};
  record::item item = **std::move(found);
  const std::string_view leased = item.find(layout::leased_until).text;
  if (!leased.empty() && leased > now) return {};
  const table::key to{std::string(partition), std::string(item.find(table::name::index_sk[0]).text)};
  const std::vector<table::condition> unchanged{
      table::equals{std::string(layout::tries), item.find(layout::tries).number}};
  for (const std::string_view gone : {table::name::index_pk[0], table::name::index_sk[0], table::name::card})
    item.set(gone, value());
  const auto written = table.write({table::remove{from, unchanged}, table::put{to, std::move(item), {}}});
  if (!written) return written.error();
  return {};
}

/// Calls `does` with each, behind the page that it stood on: its row may go.
template <class Does>
result<void> for_each(table::single_table& table, std::string_view partition, Does does) {
  struct earlier {
    table::key key;
    std::string kind;
  };
  table::query rows;
  rows.partition = partition;
  for (bool more = true; more;) {
    std::vector<earlier> found;
    const auto left = table.visit_index(rows, [&](const table::row& row) {
      const table::key where{std::string(row.key.pk), std::string(row.key.sk)};
      rows.after = table::position{std::string(row.sort_key), where};
      if (where.pk.starts_with(key_prefix)) found.push_back({where, std::string(row.card)});
      return true;
    });
    if (!left) return left.error();
    for (const earlier& each : found)
      if (const result<void> done = does(each.key, each.kind); !done) return done;
    more = *left;
  }
  return {};
}

}  // namespace

result<void> move_earlier_jobs(table::single_table& table, const clock& time) {
  const std::string now = to_text(time.now());
  for (const std::string_view partition : {layout::due_partition(queue::quick), layout::failed_partition}) {
    const auto moved = for_each(table, partition, [&](const table::key& from, std::string_view) {
      return move_one(table, from, partition, now);
    });
    if (!moved) return moved;
  }
  return {};
}

result<void> count_earlier_jobs(table::single_table& table, std::string_view partition,
                                function_ref<void(std::string_view kind)> seen) {
  return for_each(table, partition, [&](const table::key&, std::string_view kind) -> result<void> {
    seen(kind);
    return {};
  });
}

}  // namespace spaces::jobs
