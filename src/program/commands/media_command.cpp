#include "app/open_bucket.hpp"
#include "app/open_table.hpp"
#include "marketplace/images/inspection.hpp"
#include "marketplace/images/preparing.hpp"
#include "marketplace/images/sweeping.hpp"
#include "marketplace/properties/properties.hpp"
#include "platform/picture/worker_pool.hpp"
#include "platform/table/store_meta.hpp"
#include "program/commands/operating.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace spaces::app {

namespace {

using properties::image_status;

constexpr std::string_view originals_settings[] = {"SPACES_ORIGINALS_DAYS"};
constexpr std::string_view picture_settings[] = {"SPACES_MEDIA_WORKERS", "SPACES_MEDIA_WORKER", "SPACES_MEDIA_SANDBOX"};

/// Findings that are shown one by one.
constexpr std::size_t findings_shown_max = 1000;

struct media_options {
  bool json = false;
};

struct sweep_options {
  bool json = false;
  bool dry_run = false;
};

/// The store, the bucket beside it, and the listings that name what is in there.
struct opened_media {
  opened_table store;
  opened_bucket bucket;
  std::unique_ptr<properties::properties> listings;
};

result<opened_media> open_media(const configuration& settings, table_use use, const clock& clock) {
  auto store = open_table(settings, use, clock);
  if (!store) return store.error();
  const auto secret = table::store_meta::read_secret(*store->table);
  if (!secret) return secret.error();
  auto bucket = open_bucket(settings, use, *secret, clock, store->connection.get());
  if (!bucket) return bucket.error();
  opened_media made{*std::move(store), *std::move(bucket), nullptr};
  made.listings =
      std::make_unique<properties::properties>(*made.store.table, clock, *secret, properties::properties_options{});
  return made;
}

int interrupted(bool json) {
  if (!json) fmt::print(stderr, "Stopped; the same command goes on.\n");
  return exit_status::interrupted;
}

// ---- check

int run_check(const configuration& settings, const media_options& options) {
  const system_clock clock;
  const interruption watch;
  const auto opened = open_media(settings, table_use::reading, clock);
  if (!opened) return fail(opened.error());
  progress bar("listings with photographs", options.json);
  std::string listed;
  std::size_t shown = 0;
  const auto found = [&](std::string_view key, std::string_view what) {
    if (++shown > findings_shown_max) return;
    if (options.json) {
      listed +=
          fmt::format("{}{{\"key\":{},\"detail\":{}}}", listed.empty() ? "" : ",", json_text(key), json_text(what));
      return;
    }
    bar.clear();
    fmt::print("{} {}\n", key, what);
  };
  const auto counts = images::inspect_media(*opened->store.table, *opened->bucket.bucket, found,
                                            [&](const images::media_counts& so_far) {
                                              bar.show(so_far.listings, 0, 0);
                                              return !interruption::requested();
                                            });
  bar.clear();
  if (!counts) return fail(counts.error());
  const auto of = [&](image_status status) { return counts->by_status[static_cast<std::size_t>(status)]; };
  if (options.json)
    fmt::print(
        "{{\"listings\":{},\"images\":{},\"awaiting\":{},\"preparing\":{},\"ready\":{},\"refused\":{},\"outside\":{},"
        "\"files\":{},\"bytes\":{},\"missing\":{},\"unnamed\":{},\"interrupted\":{},\"findings\":[{}]}}\n",
        counts->listings, counts->images(), of(image_status::awaiting), of(image_status::preparing),
        of(image_status::ready), of(image_status::refused), of(image_status::outside), counts->files, counts->bytes,
        counts->missing, counts->unnamed, !counts->complete, listed);
  else
    fmt::print(
        "{} photographs of {} listings: {} ready, {} preparing, {} awaiting their upload, {} refused, {} outside.\n"
        "{} files, {}; {} are missing, {} are named by no listing.\n",
        grouped(counts->images()), grouped(counts->listings), grouped(of(image_status::ready)),
        grouped(of(image_status::preparing)), grouped(of(image_status::awaiting)), grouped(of(image_status::refused)),
        grouped(of(image_status::outside)), grouped(counts->files), mebibytes(counts->bytes), grouped(counts->missing),
        grouped(counts->unnamed));
  if (!counts->complete) return interrupted(options.json);
  return counts->missing > 0 ? exit_status::damaged : exit_status::success;
}

// ---- sweep

int run_sweep(const configuration& settings, const sweep_options& options, operator_action& action) {
  const system_clock clock;
  const interruption watch;
  const auto opened = open_media(settings, options.dry_run ? table_use::reading : table_use::changing, clock);
  if (!opened) return fail(opened.error());
  if (!options.dry_run) action.begin(store_name(settings));
  progress bar("files", options.json);
  images::sweeping sweeps(*opened->store.table, clock, *opened->bucket.bucket, settings.images.originals_kept);
  const auto counts = sweeps.sweep_all(options.dry_run, [&](const images::sweep_counts& so_far) {
    bar.show(so_far.examined, 0, 0);
    return !interruption::requested();
  });
  bar.clear();
  if (!counts) return fail(counts.error());
  if (options.json)
    fmt::print(
        "{{\"examined\":{},\"removed\":{},\"bytes\":{},\"foreign\":{},\"dryRun\":{},\"seconds\":{:.3f},"
        "\"interrupted\":{}}}\n",
        counts->examined, counts->removed, counts->bytes, counts->foreign, options.dry_run, bar.seconds(),
        !counts->complete);
  else
    fmt::print("{} files, of which {} {}, {}; {} are none of a photograph's and were left.\n",
               grouped(counts->examined), grouped(counts->removed),
               options.dry_run ? "would be removed" : "were removed", mebibytes(counts->bytes),
               grouped(counts->foreign));
  return counts->complete ? exit_status::success : interrupted(options.json);
}

// ---- prepare

struct prepare_counts {
  std::uint64_t looked_at = 0;
  std::uint64_t prepared = 0;
  std::uint64_t remade = 0;
  std::uint64_t refused = 0;
  std::uint64_t lost = 0;  ///< files are missing, and no original is kept
  std::vector<std::string> failures;
};

/// One picture of a listing that lacks something.
struct waiting_picture {
  images::about_image what;
  image_status status;
};

result<std::vector<waiting_picture>> waiting_pictures(const opened_media& opened, prepare_counts& counts) {
  std::vector<waiting_picture> waiting;
  result<void> looked;
  const auto walked = images::walk_pictures(*opened.store.table, [&](const properties::property& listing) {
    const auto missing = images::missing_files(*opened.bucket.bucket, listing);
    if (!missing) return looked = missing.error(), false;
    for (const properties::listing_image& each : listing.images.images()) {
      ++counts.looked_at;
      const std::string prefix = properties::media_prefix(listing.id, each.name);
      const bool lacks = each.status == image_status::ready &&
                         std::any_of(missing->begin(), missing->end(),
                                     [&](const std::string& key) { return key.starts_with(prefix); });
      if (each.status == image_status::preparing || lacks) waiting.push_back({{listing.id, each.id}, each.status});
    }
    return !interruption::requested();
  });
  if (!looked) return looked.error();
  if (!walked) return walked.error();
  return waiting;
}

result<void> prepare_one(images::preparing& prepares, const opened_media& opened, const waiting_picture& one,
                         prepare_counts& counts) {
  if (one.status == image_status::ready) {
    const auto remade = prepares.remake(one.what);
    if (!remade) return remade.error();
    ++(*remade ? counts.remade : counts.lost);
    return {};
  }
  if (const auto done = prepares.prepare(one.what, 1); !done) return done;
  if (const auto done = prepares.finish(one.what, 1); !done) return done;
  const auto stored = opened.store.table->get(properties::key_of(one.what.listing), table::consistency::strong);
  const auto listing = stored && *stored ? properties::to_property((*stored)->view()) : std::nullopt;
  if (!listing) return {};
  for (const properties::listing_image& each : listing->images.images())
    if (each.id == one.what.image) ++(each.status == image_status::refused ? counts.refused : counts.prepared);
  return {};
}

void print(const prepare_counts& counts, double seconds, bool json) {
  if (json)
    fmt::print(
        "{{\"images\":{},\"prepared\":{},\"remade\":{},\"refused\":{},\"lost\":{},\"failed\":{},\"seconds\":{:.3f},"
        "\"failures\":{}}}\n",
        counts.looked_at, counts.prepared, counts.remade, counts.refused, counts.lost, counts.failures.size(), seconds,
        json_list(counts.failures));
  else
    fmt::print(
        "{} photographs in {:.1f} s: {} were prepared, {} made again whose files were missing, {} refused; of {} files "
        "are missing and no original is kept, {} failed.\n",
        grouped(counts.looked_at), seconds, grouped(counts.prepared), grouped(counts.remade), grouped(counts.refused),
        grouped(counts.lost), grouped(counts.failures.size()));
  if (!json)
    for (const std::string& one : counts.failures) fmt::print("  {}\n", one);
}

int run_prepare(const configuration& settings, const media_options& options, operator_action& action) {
  const system_clock clock;
  const interruption watch;
  const telemetry::log log(clock, STDERR_FILENO);
  // Before the store is opened: workers have nothing of it.
  const auto workers = picture::start_workers(settings.pictures, log);
  if (!workers) return fail(workers.error());
  if (!*workers) return fail("Nothing prepares pictures here: SPACES_MEDIA_WORKERS is 0, or there is no spaces-media.");
  const auto opened = open_media(settings, table_use::changing, clock);
  if (!opened) return fail(opened.error());
  action.begin(store_name(settings));
  progress bar("photographs", options.json);
  prepare_counts counts;
  const auto waiting = waiting_pictures(*opened, counts);
  if (!waiting) return fail(waiting.error());
  jobs::bell nobody_waits;
  images::preparing prepares(*opened->store.table, clock, *opened->bucket.bucket, *opened->listings, **workers,
                             nobody_waits);
  std::uint64_t done = 0;
  for (const waiting_picture& one : *waiting) {
    if (interruption::requested()) break;
    if (const auto prepared = prepare_one(prepares, *opened, one, counts); !prepared)
      counts.failures.push_back(spaces::to_text(one.what.image) + ": " + sentence_of(prepared.error()));
    ++done;
    bar.show(done, done, waiting->size());
  }
  bar.clear();
  print(counts, bar.seconds(), options.json);
  if (done < waiting->size()) return interrupted(options.json);
  if (counts.lost > 0) return exit_status::damaged;
  return counts.failures.empty() ? exit_status::success : exit_status::failure;
}

}  // namespace

void add_media(command_group& to) {
  command_group media = to.add_group("media", "Photographs of listings: whether all is there, and what is left over",
                                     "May be run beside a server.");
  auto [checking, checked] = media.add_showing("check", "Hold the bucket's files to what listings name",
                                               {table_settings, bucket_settings}, run_check);
  add_json(checking, checked.json);
  checking.footer("Exit status: 0 when every file is there, 4 when some are missing, 130 after Ctrl-C.");
  auto [sweeping, swept] =
      media.add_acting("sweep", "Remove the bucket's files that no listing names, and old originals",
                       {table_settings, bucket_settings, originals_settings}, run_sweep);
  add_json(sweeping, swept.json);
  sweeping.add_flag("--dry-run", swept.dry_run, "Only count them");
  sweeping.footer("A server does so twice a day. What is younger than six hours is left: it may be about to be named.");
  auto [preparing, prepared] = media.add_acting("prepare", "Prepare what waits, and make files again that are missing",
                                                {table_settings, bucket_settings, picture_settings}, run_prepare);
  add_json(preparing, prepared.json);
  preparing.footer(
      "Exit status: 0 when all is well, 1 when some failed and may be tried again, 4 when files are missing "
      "whose original is not kept, 130 after Ctrl-C.");
}

}  // namespace spaces::app
