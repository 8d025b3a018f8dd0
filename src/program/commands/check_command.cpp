#include "app/open_bucket.hpp"
#include "app/open_table.hpp"
#include "platform/base/folding.hpp"
#include "platform/bucket/disk/folder_walk.hpp"
#include "platform/table/lmdb/store_check.hpp"
#include "platform/table/store_meta.hpp"
#include "program/commands/command.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

namespace spaces::app {

namespace {

struct check_options {
  bool json = false;
};

/// Findings that are shown one by one; a store with more is broken as a whole, and the count says so.
constexpr std::size_t findings_shown_max = 1000;

std::string to_json(std::string_view kind, std::string_view where, std::string_view detail) {
  return fmt::format(R"({{"kind":{},"where":{},"detail":{}}})", json_text(kind), json_text(where), json_text(detail));
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

/// Findings as they are shown: each once, up to a bound.
class findings {
 public:
  findings(bool json, bool show) : json_(json), show_(show) {}

  void add(std::string_view kind, std::string_view where, std::string_view detail) {
    if (++count_ > findings_shown_max) return;
    if (json_)
      listed_ += (listed_.empty() ? "" : ",") + to_json(kind, where, detail);
    else
      fmt::print("{}{:<16} {}  {}\n", show_ ? "\r\x1b[K" : "", kind, where, detail);
  }
  std::size_t count() const { return count_; }
  const std::string& listed() const { return listed_; }

 private:
  const bool json_;
  const bool show_;  ///< progress stands on the line
  std::size_t count_ = 0;
  std::string listed_;
};

result<table::check_report> check_table(const configuration& settings, findings& found, bool show) {
  table::check_listener listener;
  listener.found = [&](const table::finding& one) { found.add(to_text(one.kind), one.where, one.detail); };
  if (show)
    listener.progress = [](std::uint64_t done, std::uint64_t all) {
      fmt::print(stderr, "\r{} of {} records  {:3}%", done, all, all == 0 ? 100 : done * 100 / all);
    };
  auto report = table::check_store(settings.table.data, listener);
  if (show) fmt::print(stderr, "\r\x1b[K");
  return report;
}

/// Nothing where pictures are elsewhere, or none came yet.
result<bucket::folder_report> check_pictures(const configuration& settings, findings& found, bool show) {
  const std::filesystem::path folder = bucket_folder_of(settings);
  if (folder.empty() || !std::filesystem::is_directory(folder)) return bucket::folder_report{};
  auto report = bucket::check_folder(
      folder, [&](std::string_view key, std::string_view what) { found.add("object", key, what); },
      [&](const bucket::folder_report& done) {
        if (show && done.objects % 100 == 0) fmt::print(stderr, "\r{} pictures' files", done.objects);
        return true;
      });
  if (show) fmt::print(stderr, "\r\x1b[K");
  return report;
}

void print_report(const table::check_report& report, const bucket::folder_report& pictures, bool stale,
                  const findings& found, bool json) {
  const std::uint64_t damaged = report.findings + pictures.damaged;
  if (json) {
    fmt::print(
        "{{\"items\":{},\"indexRows\":{},\"expiryMarks\":{},\"objects\":{},\"damaged\":{},\"staleCityKeys\":{},"
        "\"findings\":[{}]}}\n",
        report.items, report.rows, report.marks, pictures.objects, damaged, stale, found.listed());
    return;
  }
  if (found.count() > findings_shown_max) fmt::print("… and {} more\n", found.count() - findings_shown_max);
  fmt::print("{} items, {} index rows, {} expiry marks, {} pictures' files: {}\n", report.items, report.rows,
             report.marks, pictures.objects, damaged == 0 ? "all well" : fmt::format("{} damaged", damaged));
  if (stale) fmt::print("City keys were made by an earlier version of this program; spaces serve makes them anew.\n");
}

int run_check(const configuration& settings, const check_options& options) {
  const auto embedded = demand_embedded(settings, "DynamoDB looks after its own records.");
  if (!embedded) return fail(embedded.error().public_text);
  const bool show = !options.json && isatty(STDERR_FILENO) == 1;
  findings found(options.json, show);
  const auto report = check_table(settings, found, show);
  if (!report) return fail(report.error().public_text);
  // A damaged store may not open at all; what is wrong with it comes first.
  const auto stale = report->clean() ? has_stale_city_keys(settings) : result<bool>(false);
  if (!stale) return fail(stale.error().public_text);
  const auto pictures = check_pictures(settings, found, show);
  if (!pictures) return fail(pictures.error());
  print_report(*report, *pictures, *stale, found, options.json);
  return report->clean() && pictures->damaged == 0 ? exit_status::success : exit_status::damaged;
}

}  // namespace

void add_check(command_group& to) {
  auto [words, options] = to.add_showing(
      "check", "Read every record and picture and hold it to its checksum, and records to their index rows",
      {data_settings, bucket_settings}, run_check);
  add_json(words, options.json);
  words.footer("Exit status: 0 when all is well, 4 when something is damaged.");
}

}  // namespace spaces::app
