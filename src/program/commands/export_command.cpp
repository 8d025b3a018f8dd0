#include "app/open_table.hpp"
#include "marketplace/properties/import/export.hpp"
#include "program/commands/atomic_file.hpp"
#include "program/commands/operating.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

namespace spaces::app {

namespace {

struct export_options {
  std::string file = "-";  ///< "-": standard output
  std::string format;      ///< csv or jsonl; empty: by the file's name
  std::string owner;
  std::string status;
  bool for_spreadsheets = false;
  bool json = false;
};

result<properties::export_options> listings_wanted(const export_options& options) {
  properties::export_options made;
  const std::string ending = std::filesystem::path(options.file).extension().string();
  if (options.format == "jsonl" || (options.format.empty() && (ending == ".jsonl" || ending == ".ndjson"))) {
    made.format = properties::export_format::json_lines;
  } else if (options.format.empty() && ending != ".csv" && options.file != "-") {
    return malformed(fmt::format(
        "The name '{}' does not tell whether to write CSV or JSON Lines; say --format csv or jsonl", options.file));
  }
  made.for_spreadsheets = options.for_spreadsheets;
  if (made.for_spreadsheets && made.format == properties::export_format::json_lines)
    return malformed("--for-spreadsheets is for CSV; JSON Lines are not opened in one");
  if (!options.owner.empty()) {
    const auto owner = read_uuid("--owner", options.owner);
    if (!owner) return owner.error();
    made.owner = *owner;
  }
  if (!options.status.empty()) made.status = record::from_name<properties::property_status>(options.status);
  return made;
}

int finish(const properties::export_report& report, const export_options& options, double seconds) {
  // Standard output may be the export itself.
  FILE* const out = options.file == "-" ? stderr : stdout;
  if (options.json)
    fmt::print(out, "{{\"rows\":{},\"damaged\":{},\"seconds\":{:.3f},\"interrupted\":{}}}\n", report.rows,
               report.damaged, seconds, report.interrupted);
  else if (!report.interrupted)
    fmt::print(out, "{} listings in {:.1f} s{}\n", grouped(report.rows), seconds,
               options.file == "-" ? "" : ": " + options.file);
  if (report.interrupted) return exit_status::interrupted;
  if (report.damaged > 0)
    return fail(
        fmt::format("{} listings are damaged and were left out, the first: {}.", report.damaged, report.first_damaged),
        exit_status::damaged);
  if (report.unreadable)
    return fail("Some of the store could not be read: " + sentence_of(*report.unreadable), exit_status::damaged);
  return exit_status::success;
}

int run_export(const configuration& settings, const export_options& options, operator_action& action) {
  const system_clock clock;
  const interruption watch;
  const auto wanted = listings_wanted(options);
  if (!wanted) return fail(wanted.error(), exit_status::wrong_usage);
  const auto store = open_table(settings, table_use::reading, clock);
  if (!store) return fail(store.error());
  action.begin(store_name(settings));

  const bool to_output = options.file == "-";
  atomic_file file(options.file);
  const auto sink = [&](std::string_view text) -> result<void> {
    if (!to_output) return file.write(text);
    if (write_fully(STDOUT_FILENO, text)) return {};
    return malformed(fmt::format("Standard output cannot be written: {}", std::strerror(errno)));
  };
  progress bar("listings", options.json);
  const auto report = properties::export_listings(*store->table, *wanted, sink, [&](std::uint64_t rows) {
    bar.show(rows, 0, 0);
    return !interruption::requested();
  });
  bar.clear();
  if (!report) return fail(report.error());
  if (!to_output && !report->interrupted) {
    if (const auto done = file.complete(); !done) return fail(done.error());
  }
  return finish(*report, options, bar.seconds());
}

}  // namespace

void add_export(command_group& to) {
  auto [words, options] =
      to.add_acting("export", "Write listings to a CSV or JSON Lines file", {table_settings}, run_export);
  words.add_option("file", options.file, "The file; - is standard output")->capture_default_str();
  words.add_option("--format", options.format, "Of the file, where its name does not tell")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  words.add_option("--owner", options.owner, "Only this owner's")->type_name("UUID");
  words.add_option("--status", options.status, "Only of this status")
      ->check(CLI::IsMember({"active", "pending", "sold", "draft", "withdrawn"}));
  words.add_flag("--for-spreadsheets", options.for_spreadsheets,
                 "An apostrophe before cells that a spreadsheet would calculate; such a file is not for --restore");
  add_json(words, options.json);
  words.footer(
      "spaces import FILE --restore brings it back: ids, owners, versions and times too.\n"
      "The file is its owner's alone (0600): drafts and what was withdrawn are in it.");
}

}  // namespace spaces::app
