#include "app/open_table.hpp"
#include "platform/audit/audit.hpp"
#include "platform/record/write.hpp"
#include "program/commands/command.hpp"

#include <fmt/core.h>

namespace spaces::app {

namespace {

struct audit_options {
  std::size_t count = 100;
  std::string subject;
  std::string before;
  bool json = false;
};

int run_audit(const configuration& settings, const audit_options& options) {
  const auto before = options.before.empty() ? std::nullopt : parse_instant(options.before);
  if (!options.before.empty() && !before)
    return fail("--before must be a time as 2026-11-22T08:00:00.000Z, and is " + options.before,
                exit_status::wrong_usage);
  const system_clock clock;
  const auto store = open_table(settings, table_use::changing, clock);
  if (!store) return fail(store.error());
  const auto subject = options.subject.empty() ? std::nullopt : std::optional(options.subject);
  const auto found = audit::list(*store->table, options.count, subject, before);
  if (!found) return fail(found.error());
  std::string rows;
  for (const audit::entry& each : *found) {
    if (!options.json) {
      fmt::print("{}  {}  {}  by {}  {}\n", spaces::to_text(each.at), each.action, each.subject, each.by,
                 each.reason.value_or(""));
      continue;
    }
    if (!rows.empty()) rows += ',';
    record::append_object(rows, audit::entry::fields(), &each, record::on_show);
  }
  if (options.json) fmt::print("{{\"entries\":[{}]}}\n", rows);
  return exit_status::success;
}

}  // namespace

void add_audit(command_group& to) {
  auto [words, options] =
      to.add_showing("audit", "Show what operators did, the newest first", {table_settings}, run_audit);
  words.add_option("--count", options.count, "Entries at most")
      ->check(CLI::Range(std::size_t{1}, audit::listed_max))
      ->capture_default_str();
  words.add_option("--subject", options.subject, "Of this person or listing alone")->type_name("UUID");
  words.add_option("--before", options.before, "From before this time")->type_name("TIME");
  add_json(words, options.json);
}

}  // namespace spaces::app
