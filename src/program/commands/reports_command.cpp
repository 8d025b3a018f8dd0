#include "app/configuration.hpp"
#include "app/open_table.hpp"
#include "marketplace/inquiries/report.hpp"
#include "platform/record/write.hpp"
#include "program/commands/command_line.hpp"
#include "program/commands/command_words.hpp"

#include <fmt/core.h>

#include <memory>

namespace spaces::app {

namespace {

struct reports_options {
  bool resolved = false;
  std::string id;
  std::string note;
  bool json = false;
};

/// The table behind an operator's command, beside a server or not.
result<opened_table> open_store(const setting_flags& flags, const clock& clock) {
  const auto settings = read_configuration(flags);
  if (!settings) return settings.error();
  return open_table(*settings, table_use::changing, clock);
}

std::string to_json(const inquiries::report& r) {
  std::string out;
  record::append_object(out, inquiries::report::fields(), &r, record::on_show);
  return out;
}

void print(const inquiries::report& r) {
  fmt::print("{}  {}  inquiry {} about {}\n", spaces::to_text(r.id), spaces::to_text(r.created_at),
             spaces::to_text(r.inquiry_id), r.property_title);
  fmt::print("  reported by  {}{}\n", spaces::to_text(r.reported_by),
             r.reported_by == r.owner_id ? " (the owner)" : "");
  if (r.reason) fmt::print("  reason       {}\n", *r.reason);
  fmt::print("  message of   {}\n{}\n", spaces::to_text(r.user_id), r.message);
  if (r.response) fmt::print("  response of  {}\n{}\n", spaces::to_text(r.owner_id), *r.response);
  if (r.resolved_at) fmt::print("  resolved     {}  {}\n", spaces::to_text(*r.resolved_at), r.note.value_or(""));
  fmt::print("\n");
}

int list_reports(const setting_flags& flags, const reports_options& options) {
  const system_clock clock;
  const auto store = open_store(flags, clock);
  if (!store) return fail(sentence_of(store.error()));
  const auto found = inquiries::reports(*store->table, clock)
                         .list(options.resolved ? inquiries::report_status::resolved : inquiries::report_status::open);
  if (!found) return fail(sentence_of(found.error()));
  if (options.json) {
    std::string rows;
    for (const inquiries::report& each : *found) rows += (rows.empty() ? "" : ",") + to_json(each);
    fmt::print("{{\"reports\":[{}]}}\n", rows);
    return exit_status::success;
  }
  for (const inquiries::report& each : *found) print(each);
  fmt::print("{} {}\n", found->size(), options.resolved ? "resolved" : "open");
  return exit_status::success;
}

int resolve_report(const setting_flags& flags, const reports_options& options) {
  const auto id = parse_uuid(options.id);
  if (!id) return fail(fmt::format("'{}' is not a UUID of 36 characters.", options.id), exit_status::wrong_usage);
  const system_clock clock;
  const auto store = open_store(flags, clock);
  if (!store) return fail(sentence_of(store.error()));
  const auto note = options.note.empty() ? std::nullopt : std::optional(options.note);
  const auto done = inquiries::reports(*store->table, clock).resolve(*id, note);
  if (!done) return fail(sentence_of(done.error()));
  if (options.json)
    fmt::print("{}\n", to_json(*done));
  else
    fmt::print("Resolved {}\n", spaces::to_text(*id));
  return exit_status::success;
}

}  // namespace

void add_reports(CLI::App& app, setting_flags& flags, chosen_run& chosen) {
  const auto options = std::make_shared<reports_options>();
  CLI::App* reports = app.add_subcommand("reports", "What people reported: inquiries, kept as they were then");
  reports->require_subcommand(1);
  CLI::App& list = add_command(*reports, chosen, "list", "Show reports, oldest first, 100 at most",
                               [&flags, options] { return list_reports(flags, *options); });
  add_settings(list, flags, {"SPACES_DATA", "SPACES_TABLE", "DYNAMODB_TABLE"});
  list.add_flag("--resolved", options->resolved, "Those that were resolved instead of those that are open");
  add_json(list, options->json);
  CLI::App& resolve = add_command(*reports, chosen, "resolve", "Say that a report was looked at",
                                  [&flags, options] { return resolve_report(flags, *options); });
  add_settings(resolve, flags, {"SPACES_DATA", "SPACES_TABLE", "DYNAMODB_TABLE"});
  resolve.add_option("id", options->id, "The report's")->required()->type_name("UUID");
  resolve.add_option("--note", options->note, "What was done about it; kept with the report");
  add_json(resolve, options->json);
}

}  // namespace spaces::app
