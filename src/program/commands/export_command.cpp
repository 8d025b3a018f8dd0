#include "app/configuration.hpp"
#include "app/open_table.hpp"
#include "marketplace/properties/import/export.hpp"
#include "program/commands/command_line.hpp"
#include "program/commands/commands.hpp"
#include "program/commands/progress.hpp"
#include "program/commands/whole_file.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

namespace spaces::app {

namespace {

constexpr int interrupted = 130;
constexpr int something_damaged = 4;  ///< as spaces check has it

result<properties::export_options> listings_wanted(const export_options& options) {
  properties::export_options made;
  const std::string ending = std::filesystem::path(options.file).extension().string();
  if (options.format == "jsonl" || (options.format.empty() && (ending == ".jsonl" || ending == ".ndjson"))) {
    made.format = properties::export_format::json_lines;
  } else if (options.format.empty() && ending != ".csv" && options.file != "-") {
    return malformed(fmt::format(
        "The name '{}' does not tell whether to write CSV or JSON Lines; say --format csv or jsonl", options.file));
  }
  if (!options.owner.empty()) {
    made.owner = parse_uuid(options.owner);
    if (!made.owner)
      return malformed(fmt::format("--owner is '{}', which is not a UUID of 36 characters", options.owner));
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
  if (report.interrupted) return interrupted;
  if (report.damaged > 0)
    return fail(
        fmt::format("{} listings are damaged and were left out, the first: {}.", report.damaged, report.first_damaged),
        something_damaged);
  if (report.unreadable)
    return fail("Some of the store could not be read: " + sentence_of(*report.unreadable), something_damaged);
  return exit_status::success;
}

}  // namespace

int run_export(const setting_flags& flags, const export_options& options) {
  const system_clock clock;
  const interruption watch;
  const auto configured = read_configuration(flags);
  if (!configured) return fail(configured.error().public_text, exit_status::wrong_usage);
  const auto wanted = listings_wanted(options);
  if (!wanted) return fail(sentence_of(wanted.error()), exit_status::wrong_usage);
  const auto store = open_table(*configured, table_use::reading, clock);
  if (!store) return fail(sentence_of(store.error()));

  const bool to_output = options.file == "-";
  whole_file file(options.file);
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
  if (!report) return fail(sentence_of(report.error()));
  if (!to_output && !report->interrupted) {
    if (const auto done = file.complete(); !done) return fail(sentence_of(done.error()));
  }
  return finish(*report, options, bar.seconds());
}

}  // namespace spaces::app
