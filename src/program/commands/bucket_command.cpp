#include "app/open_bucket.hpp"
#include "platform/bucket/copying.hpp"
#include "program/commands/operating.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace spaces::app {

namespace {

struct bucket_options {
  std::string from;  ///< disk:DIR or s3:BUCKET
  std::string to;
  bool json = false;
};

void print_json(const bucket::copy_report& r, double seconds) {
  fmt::print(
      "{{\"read\":{},\"bytes\":{},\"written\":{},\"unchanged\":{},\"different\":{},\"beyond\":{},\"seconds\":{:.3f},"
      "\"interrupted\":{},\"same\":{},\"differences\":{}}}\n",
      r.read, r.bytes, r.written, r.unchanged, r.different, r.beyond, seconds, r.interrupted, r.same(),
      json_list(r.differences));
}

void print_summary(const bucket::copy_report& r, double seconds) {
  fmt::print("{} objects, {}, in {:.1f} s: {} written, {} the same, {} different, {} at the destination alone\n",
             grouped(r.read), mebibytes(r.bytes), seconds, grouped(r.written), grouped(r.unchanged),
             grouped(r.different), grouped(r.beyond));
  for (const std::string& one : r.differences) fmt::print("  {}\n", one);
}

/// With an action it copies, without it holds the one against the other.
int run(const configuration& settings, const bucket_options& options, operator_action* action) {
  const bool check_only = action == nullptr;
  if (options.from == options.to) return fail("--from and --to are the same.", exit_status::wrong_usage);
  const system_clock clock;
  const interruption watch;
  const auto from = open_bucket_at("--from", options.from, settings, clock);
  if (!from) return fail(from.error(), exit_status::wrong_usage);
  const auto to = open_bucket_at("--to", options.to, settings, clock);
  if (!to) return fail(to.error(), exit_status::wrong_usage);
  if (action) action->begin(options.to);
  progress bar("objects", options.json);
  const auto report = bucket::copy_bucket(*from->bucket, *to->bucket, check_only, [&](const bucket::copy_report& r) {
    bar.show(r.read, 0, 0);
    return !interruption::requested();
  });
  bar.clear();
  if (!report) return fail(report.error());
  if (options.json)
    print_json(*report, bar.seconds());
  else
    print_summary(*report, bar.seconds());
  if (report->interrupted) {
    if (!options.json) fmt::print(stderr, "Stopped; the same command goes on.\n");
    return exit_status::interrupted;
  }
  return check_only && !report->same() ? exit_status::damaged : exit_status::success;
}

int run_bucket_copy(const configuration& settings, const bucket_options& options, operator_action& action) {
  return run(settings, options, &action);
}
int run_bucket_check(const configuration& settings, const bucket_options& options) {
  return run(settings, options, nullptr);
}

void add_places(CLI::App& words, bucket_options& options, const char* footer) {
  words.add_option("--from", options.from, "The source")->type_name("disk:DIR|s3:BUCKET")->required();
  words.add_option("--to", options.to, "The destination")->type_name("disk:DIR|s3:BUCKET")->required();
  add_json(words, options.json);
  words.footer(footer);
}

}  // namespace

void add_bucket(command_group& to) {
  command_group group = to.add_group("bucket", "Move and verify the bucket that holds pictures",
                                     "A bucket of S3 is found as AWS's tools find it: AWS_REGION, AWS_ENDPOINT_URL_S3, "
                                     "AWS_PROFILE, ...");
  auto [copying, copied] =
      group.add_acting("copy", "Copy the objects of one bucket into another", {s3_settings}, run_bucket_copy);
  add_places(copying, copied,
             "Safe to run again: what is the same is left alone. What the destination alone has stays there.\n"
             "Exit status: 0 when all was copied, 130 after Ctrl-C.");
  auto [checking, checked] = group.add_showing("check", "Hold the contents of two buckets against each other",
                                               {s3_settings}, run_bucket_check);
  add_places(
      checking, checked,
      "Every object of both is read. Exit status: 0 when both hold the same, 4 when they differ, 130 after Ctrl-C.");
}

}  // namespace spaces::app
