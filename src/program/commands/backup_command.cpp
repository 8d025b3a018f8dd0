#include "app/open_bucket.hpp"
#include "app/open_table.hpp"
#include "platform/bucket/disk/folder_walk.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <cstdio>
#include <filesystem>
#include <optional>

namespace spaces::app {

namespace {

struct backup_options {
  std::string folder;
  bool compact = false;
  bool json = false;
};

/// Behind the store: what came into the bucket meanwhile is more than the store's copy names, and never less.
result<std::optional<bucket::folder_report>> copy_pictures(const configuration& settings, const std::string& to,
                                                           bool show) {
  const std::filesystem::path from = bucket_folder_of(settings);
  if (from.empty() || !std::filesystem::is_directory(from)) return std::nullopt;
  configuration copy = settings;
  copy.table.data = to;
  copy.bucket.name.clear();
  const auto progress = [&](const bucket::folder_report& done) {
    if (show && done.objects % 100 == 0) fmt::print(stderr, "\r{} pictures' files", done.objects);
    return true;
  };
  const auto copied = bucket::copy_folder(from, bucket_folder_of(copy), progress);
  if (show) fmt::print(stderr, "\n");
  if (!copied) return copied.error();
  return *copied;
}

void print_copied(std::uint64_t bytes, const std::optional<bucket::folder_report>& pictures, const configuration& of,
                  const backup_options& options) {
  if (options.json) {
    const bucket::folder_report counted = pictures.value_or(bucket::folder_report{});
    fmt::print("{{\"bytes\":{},\"objects\":{},\"objectBytes\":{}}}\n", bytes, counted.objects, counted.bytes);
    return;
  }
  fmt::print("Copied {}", mebibytes(bytes));
  if (pictures) fmt::print(" and {} pictures' files of {}", pictures->objects, mebibytes(pictures->bytes));
  if (of.bucket.kind == bucket::store_kind::s3) fmt::print(", without the pictures, which are in S3");
  fmt::print("; serve it with spaces serve --data {}\n", options.folder);
}

int run_backup(const configuration& settings, const backup_options& options, operator_action& action) {
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
  action.begin(options.folder);
  const auto copied = (*store)->backup(options.folder, progress, options.compact);
  if (show) fmt::print(stderr, "\n");
  if (!copied) return fail(copied.error());
  const auto pictures = copy_pictures(settings, options.folder, show);
  if (!pictures) return fail(pictures.error());
  print_copied(bytes, *pictures, settings, options);
  return exit_status::success;
}

}  // namespace

void add_backup(command_group& to) {
  auto [words, options] =
      to.add_acting("backup", "Copy the store and its pictures into a new folder, while it is served",
                    {data_settings, bucket_settings}, run_backup);
  words.add_option("folder", options.folder, "Where to: a folder that is empty or not there yet")->required();
  words.add_flag("--compact", options.compact, "Leave free pages out: smaller, and slower to make");
  add_json(words, options.json);
}

}  // namespace spaces::app
