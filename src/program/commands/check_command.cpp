#include "app/open_table.hpp"
#include "platform/base/folding.hpp"
#include "platform/table/lmdb/store_check.hpp"
#include "platform/table/store_meta.hpp"
#include "program/commands/command.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cstdio>
#include <string>

namespace spaces::app {

namespace {

struct check_options {
  bool json = false;
};

/// Findings that are shown one by one; a store with more is broken as a whole, and the count says so.
constexpr std::size_t findings_shown_max = 1000;

std::string to_json(const table::finding& found) {
  return fmt::format(R"({{"kind":{},"where":{},"detail":{}}})", json_text(to_text(found.kind)), json_text(found.where),
                     json_text(found.detail));
}

/// Whether the keys of cities are of an earlier folding (properties/city_keys.hpp).
result<bool> has_stale_city_keys(const configuration& settings) {
  const system_clock clock;
  const auto opened = open_table(settings, table_use::reading, clock, [](std::string_view) {});
  if (!opened) return opened.error();
  const auto version = table::store_meta::read_folding(*opened->table);
  if (!version) return version.error();
  return *version < folding_version;
}

int run_check(const configuration& settings, const check_options& options) {
  const auto embedded = demand_embedded(settings, "DynamoDB looks after its own records.");
  if (!embedded) return fail(embedded.error().public_text);
  const bool show = !options.json && isatty(STDERR_FILENO) == 1;
  std::string listed;
  std::size_t shown = 0;
  table::check_listener listener;
  listener.found = [&](const table::finding& found) {
    if (++shown > findings_shown_max) return;
    if (options.json)
      listed += (listed.empty() ? "" : ",") + to_json(found);
    else
      fmt::print("{}{:<16} {}  {}\n", show ? "\r\x1b[K" : "", to_text(found.kind), found.where, found.detail);
  };
  if (show)
    listener.progress = [](std::uint64_t done, std::uint64_t all) {
      fmt::print(stderr, "\r{} of {} records  {:3}%", done, all, all == 0 ? 100 : done * 100 / all);
    };
  const auto report = table::check_store(settings.table.data, listener);
  if (show) fmt::print(stderr, "\r\x1b[K");
  if (!report) return fail(report.error().public_text);
  // A damaged store may not open at all; what is wrong with it comes first.
  const auto stale = report->clean() ? has_stale_city_keys(settings) : result<bool>(false);
  if (!stale) return fail(stale.error().public_text);
  if (options.json) {
    fmt::print(
        "{{\"items\":{},\"indexRows\":{},\"expiryMarks\":{},\"damaged\":{},\"staleCityKeys\":{},\"findings\":[{}]}}\n",
        report->items, report->rows, report->marks, report->findings, *stale, listed);
  } else {
    if (shown > findings_shown_max) fmt::print("… and {} more\n", shown - findings_shown_max);
    fmt::print("{} items, {} index rows, {} expiry marks: {}\n", report->items, report->rows, report->marks,
               report->clean() ? "all well" : fmt::format("{} damaged", report->findings));
    if (*stale)
      fmt::print("City keys were made by an earlier version of this program; spaces serve makes them anew.\n");
  }
  return report->clean() ? exit_status::success : exit_status::damaged;
}

}  // namespace

void add_check(command_group& to) {
  auto [words, options] =
      to.add("check", "Read every record of the store and hold it to its checksum and its index rows", {data_settings},
             run_check);
  add_json(words, options.json);
  words.footer("Exit status: 0 when all is well, 4 when something is damaged.");
}

}  // namespace spaces::app
