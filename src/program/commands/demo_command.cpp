#include "app/configuration.hpp"
#include "marketplace/properties/demo/demo.hpp"
#include "program/commands/command_line.hpp"
#include "program/commands/commands.hpp"
#include "program/commands/demo_accounts.hpp"
#include "program/commands/filled_store.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace spaces::app {

namespace {

constexpr int interrupted = 130;

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

}  // namespace

int run_demo(const setting_flags& flags, const demo_options& options) {
  const system_clock clock;
  const interruption watch;
  const auto configured = read_configuration(flags);
  if (!configured) return fail(configured.error().public_text, exit_status::wrong_usage);
  properties::demo_plan plan{options.count, options.seed, properties::demo_until};
  if (!options.until.empty()) {
    const auto until = parse_instant(options.until);
    if (!until)
      return fail(fmt::format("--until is '{}', which is not a time such as 2026-01-01T00:00:00Z.", options.until),
                  exit_status::wrong_usage);
    plan.until = *until;
  }
  auto store = filled_store::open(*configured, clock);
  if (!store) return fail(sentence_of(store.error()));
  const auto filled = properties::holds_listings(store->table());
  if (!filled) return fail(sentence_of(filled.error()));
  // A password that everybody knows is no account of a production.
  const bool accounts = configured->environment != environment_kind::production;
  if (accounts && (!*filled || options.if_empty || options.add))
    if (const auto made = write_demo_accounts(store->table(), password_hashes(configured->bcrypt_cost)); !made)
      return fail(sentence_of(made.error()));
  if (*filled && options.if_empty) {
    if (options.json)
      print_json({}, true, 0);
    else
      fmt::print("{} holds listings already; none was added.\n", place_of(*configured));
    if (accounts && !options.json) print_accounts();
    return exit_status::success;
  }
  if (*filled && !options.add)
    return fail(fmt::format("{} holds listings already; --add puts demonstration listings beside them.",
                            place_of(*configured)));

  progress bar("listings", options.json);
  const auto report = properties::write_demo(store->table(), plan, [&](std::uint64_t done) {
    bar.show(done, done, plan.count);
    return !interruption::requested();
  });
  bar.clear();
  if (!report) return fail(sentence_of(report.error()));
  if (const auto settled = store->settle(); !settled) return fail(sentence_of(settled.error()));
  if (options.json)
    print_json(*report, false, bar.seconds());
  else
    print_summary(*report, bar.seconds(), configured->data);
  if (accounts && !options.json) print_accounts();
  if (!report->interrupted) return exit_status::success;
  if (!options.json) fmt::print(stderr, "Stopped; the same command with --add goes on.\n");
  return interrupted;
}

}  // namespace spaces::app
