#include "app/open_table.hpp"
#include "marketplace/inquiries/report.hpp"
#include "platform/record/write.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

namespace spaces::app {

namespace {

struct list_options {
  bool resolved = false;
  bool json = false;
};

struct resolve_options {
  std::string id;
  std::string note;
  bool json = false;
};

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

int list(const configuration& settings, const list_options& options) {
  const system_clock clock;
  const auto store = open_table(settings, table_use::changing, clock);
  if (!store) return fail(store.error());
  const auto found = inquiries::reports(*store->table, clock)
                         .list(options.resolved ? inquiries::report_status::resolved : inquiries::report_status::open);
  if (!found) return fail(found.error());
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

int resolve(const configuration& settings, const resolve_options& options, operator_action& action) {
  const auto id = read_uuid("The report", options.id);
  if (!id) return fail(id.error(), exit_status::wrong_usage);
  const system_clock clock;
  const auto store = open_table(settings, table_use::changing, clock);
  if (!store) return fail(store.error());
  const auto note = options.note.empty() ? std::nullopt : std::optional(options.note);
  // What the note says stays with the report.
  const audit::entry entry = action.begin_audited(spaces::to_text(*id), std::nullopt, clock.now());
  const auto done = inquiries::reports(*store->table, clock).resolve(*id, note, {audit::put_entry(entry)});
  if (!done) return fail(done.error());
  if (options.json)
    fmt::print("{}\n", to_json(*done));
  else
    fmt::print("Resolved {}\n", spaces::to_text(*id));
  return exit_status::success;
}

}  // namespace

void add_reports(command_group& to) {
  command_group reports = to.add_group("reports", "What people reported: inquiries, kept as they were then");
  auto [listing, shown] =
      reports.add_showing("list", "Show reports, oldest first, 100 at most", {table_settings}, list);
  listing.add_flag("--resolved", shown.resolved, "Those that were resolved instead of those that are open");
  add_json(listing, shown.json);
  auto [resolving, done] = reports.add_acting("resolve", "Say that a report was looked at", {table_settings}, resolve);
  resolving.add_option("id", done.id, "The report's")->required()->type_name("UUID");
  resolving.add_option("--note", done.note, "What was done about it; kept with the report");
  add_json(resolving, done.json);
}

}  // namespace spaces::app
