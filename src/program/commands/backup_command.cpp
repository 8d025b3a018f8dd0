#include "app/open_table.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "program/commands/command.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cstdio>

namespace spaces::app {

namespace {

struct backup_options {
  std::string folder;
  bool compact = false;
  bool json = false;
};

int run_backup(const configuration& settings, const backup_options& options) {
  const system_clock clock;
  if (const auto embedded = demand_embedded(
          settings, "DynamoDB keeps backups of its own: point-in-time recovery, and backups on demand.");
      !embedded)
    return fail(embedded.error());
  const auto store = open_embedded_for_reading(settings, clock);
  if (!store) return fail(store.error());
  const bool show = !options.json && isatty(STDERR_FILENO) == 1;
  std::uint64_t bytes = 0;
  const auto progress = [&](std::uint64_t done, std::uint64_t all) {
    bytes = done;
    if (show)
      fmt::print(stderr, "\r{} of {}  {:3}%", mebibytes(done), mebibytes(all), all == 0 ? 100 : done * 100 / all);
  };
  const auto copied = (*store)->backup(options.folder, progress, options.compact);
  if (show) fmt::print(stderr, "\n");
  if (!copied) return fail(copied.error());
  if (options.json)
    fmt::print("{{\"bytes\":{}}}\n", bytes);
  else
    fmt::print("Copied {}; serve it with spaces serve --data {}\n", mebibytes(bytes), options.folder);
  return exit_status::success;
}

}  // namespace

void add_backup(command_group& to) {
  auto [words, options] =
      to.add("backup", "Copy the store into a new folder, while it is served", {data_settings}, run_backup);
  words.add_option("folder", options.folder, "Where to: a folder that is empty or not there yet")->required();
  words.add_flag("--compact", options.compact, "Leave free pages out: smaller, and slower to make");
  add_json(words, options.json);
}

}  // namespace spaces::app
