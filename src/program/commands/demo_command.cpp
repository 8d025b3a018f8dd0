#include "app/configuration.hpp"
#include "marketplace/properties/demo/demo.hpp"
#include "program/commands/bulk_load.hpp"
#include "program/commands/demo_accounts.hpp"
#include "program/commands/operating.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace spaces::app {

namespace {

struct demo_options {
  std::uint64_t count = 500;
  std::uint64_t seed = 1;
  std::string until;  ///< empty: the fixed moment
  bool add = false;
  bool if_empty = false;
  bool json = false;
};

void print_json(const properties::demo_report& report, bool skipped, double seconds) {
  std::string sellers;
  for (const properties::demo_seller& one : properties::demo_sellers())
    sellers += fmt::format("{}{{\"name\":\"{}\",\"type\":\"{}\",\"id\":\"{}\"}}", sellers.empty() ? "" : ",", one.name,
                           one.type, to_text(one.id));
  fmt::print(
      "{{\"created\":{},\"unchanged\":{},\"skipped\":{},\"seconds\":{:.3f},\"interrupted\":{},\"sellers\":[{}]}}\n",
      report.created, report.unchanged, skipped, seconds, report.interrupted, sellers);
}

void print_summary(const properties::demo_report& report, double seconds, const std::string& folder) {
  const double rate = seconds > 0 ? static_cast<double>(report.created + report.unchanged) / seconds : 0;
  fmt::print("{} demonstration listings in {:.1f} s ({} a second)", grouped(report.created), seconds,
             grouped(static_cast<std::uint64_t>(rate)));
  if (report.unchanged > 0) fmt::print("; {} were there already", grouped(report.unchanged));
  fmt::print("\nTheir sellers, for spaces token --data {} --user ID --type TYPE:\n", folder);
  for (const properties::demo_seller& one : properties::demo_sellers())
    fmt::print("  {}  {:<6}  {}\n", to_text(one.id), one.type, one.name);
}

void print_accounts() {
  fmt::print("Accounts to log in with, all with the password {}:\n", demo_password);
  for (const demo_account& one : demo_accounts()) fmt::print("  {:<28}  {:<6}  {}\n", one.email, one.type, one.name);
}

int run_demo(const configuration& settings, const demo_options& options, operator_action& action) {
  const system_clock clock;
  const interruption watch;
  properties::demo_plan plan{options.count, options.seed, properties::demo_until};
  if (!options.until.empty()) {
    const auto until = parse_instant(options.until);
    if (!until)
      return fail(fmt::format("--until is '{}', which is not a time such as 2026-01-01T00:00:00Z.", options.until),
                  exit_status::wrong_usage);
    plan.until = *until;
  }
  auto store = bulk_load::open(settings, clock);
  if (!store) return fail(store.error());
  const auto filled = properties::holds_listings(store->table());
  if (!filled) return fail(filled.error());
  if (!*filled || options.if_empty || options.add) action.begin(store_name(settings));
  // A password that everybody knows is no account of a production.
  const bool accounts = settings.environment != environment_kind::production;
  if (accounts && (!*filled || options.if_empty || options.add))
    if (const auto made = write_demo_accounts(store->table(), identity::password_hashes(settings.identity.bcrypt_cost));
        !made)
      return fail(made.error());
  if (*filled && options.if_empty) {
    if (options.json)
      print_json({}, true, 0);
    else
      fmt::print("{} holds listings already; none was added.\n", place_of(settings));
    if (accounts && !options.json) print_accounts();
    return exit_status::success;
  }
  if (*filled && !options.add)
    return fail(
        fmt::format("{} holds listings already; --add puts demonstration listings beside them.", place_of(settings)));

  progress bar("listings", options.json);
  const auto report = properties::write_demo(store->table(), plan, [&](std::uint64_t done) {
    bar.show(done, done, plan.count);
    return !interruption::requested();
  });
  bar.clear();
  if (!report) return fail(report.error());
  if (const auto settled = store->settle(); !settled) return fail(settled.error());
  if (options.json)
    print_json(*report, false, bar.seconds());
  else
    print_summary(*report, bar.seconds(), settings.table.data);
  if (accounts && !options.json) print_accounts();
  if (!report->interrupted) return exit_status::success;
  if (!options.json) fmt::print(stderr, "Stopped; the same command with --add goes on.\n");
  return exit_status::interrupted;
}

}  // namespace

void add_demo(command_group& to) {
  auto [words, options] =
      to.add_acting("demo", "Fill the store with demonstration listings", {table_settings}, run_demo);
  words.add_option("--count", options.count, "How many")->check(CLI::Range(1, 1'000'000'000))->capture_default_str();
  words.add_option("--seed", options.seed, "The same seed, count and --until give the same listings")
      ->capture_default_str();
  words
      .add_option("--until", options.until,
                  "They are from the year before it [a time; 2026-01-01T00:00:00.000Z unless given]")
      ->type_name("TIME");
  words.add_flag("--add", options.add, "Also where the store holds listings already");
  words.add_flag("--if-empty", options.if_empty, "Where the store holds listings already, do nothing and succeed");
  add_json(words, options.json);
}

}  // namespace spaces::app
