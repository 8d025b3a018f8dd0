#include "app/open_table.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "program/commands/command.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <map>

namespace spaces::app {

namespace {

struct stats_options {
  bool json = false;
};

constexpr std::string_view index_names[] = {"GSI1", "GSI2", "GSI3", "GSI4", "GSI5"};

using kinds = std::map<std::string, table::store_statistics::kind>;

void print_items(const kinds& by_entity_type) {
  fmt::print("{:<16}{:>12}{:>14}\n", "Items", "count", "bytes");
  for (const auto& [type, kind] : by_entity_type)
    fmt::print("{:<16}{:>12}{:>14}\n", type.empty() ? "(no type)" : type, kind.items, mebibytes(kind.bytes));
}

void print_jobs(const jobs::waiting& jobs) {
  if (!jobs.by_kind.empty()) fmt::print("\n{:<20}{:>8}{:>14}\n", "Jobs", "due", "failed");
  for (const auto& [kind, count] : jobs.by_kind) fmt::print("{:<20}{:>8}{:>14}\n", kind, count.due, count.failed);
}

void print_statistics(const table::store_statistics& s, const jobs::waiting& jobs) {
  print_items(s.by_entity_type);
  if (s.expired_items) fmt::print("{:<16}{:>12}\n", "of them expired", s.expired_items);
  if (s.damaged_items) fmt::print("{:<16}{:>12}  (spaces check names them)\n", "damaged", s.damaged_items);
  fmt::print("\n{:<16}{:>12}{:>14}\n", "Index rows", "count", "bytes");
  for (std::size_t i = 0; i < std::size(index_names); ++i)
    fmt::print("{:<16}{:>12}{:>14}\n", index_names[i], s.index_rows[i], mebibytes(s.index_row_bytes[i]));
  print_jobs(jobs);
  fmt::print("\nFile             {} ({} on disk), {} pages of {} bytes, {} of them free\n", mebibytes(s.file_bytes),
             mebibytes(s.disk_bytes), s.pages, s.page_bytes, s.free_pages);
  fmt::print("Address space    {}\n", mebibytes(s.map_bytes));
  fmt::print("Tree depth       {}\n", s.tree_depth);
  fmt::print("Readers now      {} of {}\n", s.readers, s.readers_max);
  fmt::print("Transactions     {}\n", s.last_transaction);
}

std::string json_of(const kinds& by_entity_type) {
  std::string items;
  for (const auto& [type, kind] : by_entity_type)
    items +=
        fmt::format("{}\"{}\":{{\"items\":{},\"bytes\":{}}}", items.empty() ? "" : ",", type, kind.items, kind.bytes);
  return '{' + items + '}';
}

std::string json_of(const jobs::waiting& jobs) {
  std::string waiting;
  for (const auto& [kind, count] : jobs.by_kind)
    waiting +=
        fmt::format("{}\"{}\":{{\"due\":{},\"failed\":{}}}", waiting.empty() ? "" : ",", kind, count.due, count.failed);
  return '{' + waiting + '}';
}

void print_json(const table::store_statistics& s, const jobs::waiting& jobs) {
  std::string rows;
  for (std::size_t i = 0; i < std::size(index_names); ++i)
    rows += fmt::format("{}\"{}\":{{\"rows\":{},\"bytes\":{}}}", rows.empty() ? "" : ",", index_names[i],
                        s.index_rows[i], s.index_row_bytes[i]);
  fmt::print(
      "{{\"items\":{},\"indexes\":{{{}}},\"jobs\":{},\"expiredItems\":{},\"damagedItems\":{},\"fileBytes\":{},"
      "\"diskBytes\":{},"
      "\"pageBytes\":{},\"pages\":{},\"freePages\":{},\"mapBytes\":{},\"treeDepth\":{},\"readers\":{},\"readersMax\":{}"
      ","
      "\"lastTransaction\":{}}}\n",
      json_of(s.by_entity_type), rows, json_of(jobs), s.expired_items, s.damaged_items, s.file_bytes, s.disk_bytes,
      s.page_bytes, s.pages, s.free_pages, s.map_bytes, s.tree_depth, s.readers, s.readers_max, s.last_transaction);
}

/// What any table can tell of itself: DynamoDB's by reading all of it.
int print_walked(const configuration& settings, const clock& clock, bool json) {
  const auto opened = open_table(settings, table_use::reading, clock);
  if (!opened) return fail(opened.error());
  kinds found;
  const auto walked = opened->table->walk({}, [&](table::key_view, record::item_view item) {
    table::store_statistics::kind& one = found[std::string(item.find(table::name::entity_type).text)];
    ++one.items;
    one.bytes += item.bytes().size();
    return true;
  });
  if (!walked) return fail(walked.error());
  const auto jobs = jobs::count(*opened->table);
  if (!jobs) return fail(jobs.error());
  if (json) {
    fmt::print("{{\"items\":{},\"jobs\":{}}}\n", json_of(found), json_of(*jobs));
  } else {
    print_items(found);
    print_jobs(*jobs);
  }
  return exit_status::success;
}

int run_stats(const configuration& settings, const stats_options& options) {
  const system_clock clock;
  if (settings.table.kind != table::engine_kind::lmdb) return print_walked(settings, clock, options.json);
  const auto store = open_embedded_for_reading(settings, clock);
  if (!store) return fail(store.error());
  const auto statistics = (*store)->statistics();
  if (!statistics) return fail(statistics.error());
  const auto jobs = jobs::count(**store);
  if (!jobs) return fail(jobs.error());
  if (options.json)
    print_json(*statistics, *jobs);
  else
    print_statistics(*statistics, *jobs);
  return exit_status::success;
}

}  // namespace

void add_stats(command_group& to) {
  auto [words, options] = to.add_showing("stats", "Show store statistics", {table_settings}, run_stats);
  add_json(words, options.json);
}

}  // namespace spaces::app
