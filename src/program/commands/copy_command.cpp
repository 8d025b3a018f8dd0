#include "app/open_table.hpp"
#include "platform/table/copying.hpp"
#include "program/commands/bulk_load.hpp"
#include "program/commands/operating.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <optional>

namespace spaces::app {

namespace {

struct copy_options {
  std::string from;  ///< lmdb:DIR or dynamodb:TABLE
  std::string to;
  bool check_only = false;
  bool json = false;
};

constexpr std::string_view embedded = "lmdb:", in_dynamodb = "dynamodb:";

/// "lmdb:DIR" or "dynamodb:TABLE", as settings.
result<configuration> read_place(std::string_view option, std::string_view text) {
  configuration place;
  if (text.starts_with(embedded) && text.size() > embedded.size()) {
    place.table.data = text.substr(embedded.size());
    return place;
  }
  place.table.kind = table::engine_kind::dynamodb;
  if (text.starts_with(in_dynamodb)) place.table.dynamodb_table = text.substr(in_dynamodb.size());
  if (!place.table.dynamodb_table.empty()) return place;
  return malformed(fmt::format("{} is '{}', which is not lmdb:DIR or dynamodb:TABLE.", option, text));
}

/// What a copy goes to: filled, or only read where it is checked.
struct destination {
  std::optional<bulk_load> filled;
  std::optional<opened_table> read;

  table::single_table& table() { return filled ? filled->table() : *read->table; }
};

result<void> open(destination& into, const configuration& place, bool check_only, const clock& clock) {
  if (check_only) {
    auto opened = open_table(place, table_use::reading, clock);
    if (!opened) return opened.error();
    into.read.emplace(*std::move(opened));
    return {};
  }
  auto opened = bulk_load::open(place, clock);
  if (!opened) return opened.error();
  into.filled.emplace(*std::move(opened));
  return {};
}

void print_json(const table::copy_report& r, double seconds) {
  fmt::print(
      "{{\"read\":{},\"written\":{},\"unchanged\":{},\"removed\":{},\"seconds\":{:.3f},\"again\":{},"
      "\"interrupted\":{},\"sourceChanged\":{},\"sourceItems\":{},\"destinationItems\":{},\"sourceDigest\":\"{}\","
      "\"destinationDigest\":\"{}\",\"same\":{},\"differences\":{}}}\n",
      r.counts.read, r.counts.written, r.counts.unchanged, r.counts.removed, seconds, r.again, r.interrupted,
      r.source_changed, r.source.items(), r.destination.items(), r.source.to_hex(), r.destination.to_hex(), r.same(),
      json_list(r.differences));
}

void print_summary(const table::copy_report& r, double seconds, bool check_only) {
  if (!check_only) {
    const double rate = seconds > 0 ? static_cast<double>(r.counts.read) / seconds : 0;
    fmt::print("{} items in {:.1f} s ({} a second): {} written, {} unchanged, {} removed\n", grouped(r.counts.read),
               seconds, grouped(static_cast<std::uint64_t>(rate)), grouped(r.counts.written),
               grouped(r.counts.unchanged), grouped(r.counts.removed));
  }
  if (r.interrupted) return;
  fmt::print("Source       {:>12} items  {}\n", grouped(r.source.items()), r.source.to_hex());
  fmt::print("Destination  {:>12} items  {}\n", grouped(r.destination.items()), r.destination.to_hex());
  if (r.same())
    fmt::print("Both hold the same.\n");
  else
    fmt::print("They differ:\n");
  for (const std::string& one : r.differences) fmt::print("  {}\n", one);
}

int status_of(const table::copy_report& report, const copy_options& options) {
  if (report.interrupted) {
    if (!options.json) fmt::print(stderr, "Stopped; the same command goes on.\n");
    return exit_status::interrupted;
  }
  if (report.source_changed && !options.json)
    fmt::print(stderr, "Somebody wrote to the source meanwhile; stop that, and run the same command again.\n");
  return report.same() && !report.source_changed ? exit_status::success : exit_status::damaged;
}

int run_copy(const copy_options& options, operator_action& action) {
  const system_clock clock;
  const interruption watch;
  const auto from = read_place("--from", options.from);
  if (!from) return fail(from.error().public_text, exit_status::wrong_usage);
  const auto to = read_place("--to", options.to);
  if (!to) return fail(to.error().public_text, exit_status::wrong_usage);
  if (options.from == options.to) return fail("--from and --to are the same.", exit_status::wrong_usage);
  auto source = open_table(*from, table_use::reading, clock);
  if (!source) return fail(source.error());
  destination into;
  if (const auto opened = open(into, *to, options.check_only, clock); !opened) return fail(opened.error());
  if (!options.check_only) action.begin(options.to);

  progress bar("items", options.json);
  const auto show = [&](const table::copy_counts& counts) {
    bar.show(counts.read + counts.checked, 0, 0);
    return !interruption::requested();
  };
  const auto work = options.check_only ? table::compare_tables : table::copy_table;
  const table::patience how{.goes_on = [] { return !interruption::requested(); }};
  auto report = work(*source->table, into.table(), clock, show, how);
  bar.clear();
  const double seconds = bar.seconds();
  if (!report && interruption::requested()) report.emplace().interrupted = true;
  if (!report) return fail(report.error());
  if (report->same() && into.filled) {
    if (const auto settled = into.filled->settle(); !settled) return fail(settled.error());
  }
  if (options.json)
    print_json(*report, seconds);
  else
    print_summary(*report, seconds, options.check_only);
  return status_of(*report, options);
}

}  // namespace

/// Added by add_table: `spaces table copy`.
void add_table_copy(command_group& to) {
  auto [words, options] = to.add_acting("copy", "Copy a marketplace from one table into another", run_copy);
  words.add_option("--from", options.from, "What is copied")->type_name("lmdb:DIR|dynamodb:TABLE")->required();
  words.add_option("--to", options.to, "Where to; a folder is made, a table must be there")
      ->type_name("lmdb:DIR|dynamodb:TABLE")
      ->required();
  words.add_flag("--check-only", options.check_only, "Write nothing; hold the two against each other");
  add_json(words, options.json);
  words.footer(
      "Stop what writes to the source first. Safe to run again: what is the same is left alone, what differs is\n"
      "written, what the source has no more is removed. At the end both are counted and compared by a digest.\n"
      "Exit status: 0 when both hold the same, 4 when they differ, 130 after Ctrl-C.");
}

}  // namespace spaces::app
