#include "app/open_table.hpp"
#include "marketplace/images/alike_report.hpp"
#include "marketplace/inquiries/report.hpp"
#include "platform/record/write.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

#include <optional>
#include <string>
#include <vector>

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

template <class Report>
std::string to_json(const Report& r) {
  std::string out;
  record::append_object(out, Report::fields(), &r, record::on_show);
  return out;
}

template <class Report>
std::string to_json(const std::vector<Report>& all) {
  std::string rows;
  for (const Report& each : all) rows += (rows.empty() ? "" : ",") + to_json(each);
  return rows;
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

void print(const images::alike_report& r) {
  fmt::print("{}  {}  the same photograph on two people's listings ({} of 64 bits differ)\n", spaces::to_text(r.id),
             spaces::to_text(r.created_at), r.distance);
  fmt::print("  it came to   listing {} of {}, image {}\n", spaces::to_text(r.property_id), spaces::to_text(r.user_id),
             spaces::to_text(r.image_id));
  fmt::print("  and is on    listing {} of {}, image {}\n", spaces::to_text(r.other_property_id),
             spaces::to_text(r.other_user_id), spaces::to_text(r.other_image_id));
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
  const auto alike = images::alike_reports(*store->table, clock)
                         .list(options.resolved ? images::alike_status::resolved : images::alike_status::open);
  if (!alike) return fail(alike.error());
  if (options.json) {
    fmt::print("{{\"reports\":[{}],\"samePictures\":[{}]}}\n", to_json(*found), to_json(*alike));
    return exit_status::success;
  }
  for (const inquiries::report& each : *found) print(each);
  for (const images::alike_report& each : *alike) print(each);
  fmt::print("{} {}\n", found->size() + alike->size(), options.resolved ? "resolved" : "open");
  return exit_status::success;
}

/// Of an inquiry, or else of two pictures: ids are of one or the other.
result<std::string> resolved(table::single_table& table, const clock& clock, const uuid& id,
                             const std::optional<std::string>& note, const audit::entry& entry) {
  const auto of_inquiry = inquiries::reports(table, clock).resolve(id, note, {audit::put_entry(entry)});
  if (of_inquiry) return to_json(*of_inquiry);
  if (of_inquiry.error().kind != error_kind::not_found) return of_inquiry.error();
  const auto of_pictures = images::alike_reports(table, clock).resolve(id, note, {audit::put_entry(entry)});
  if (!of_pictures) return of_pictures.error();
  return to_json(*of_pictures);
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
  const auto done = resolved(*store->table, clock, *id, note, entry);
  if (!done) return fail(done.error());
  if (options.json)
    fmt::print("{}\n", *done);
  else
    fmt::print("Resolved {}\n", spaces::to_text(*id));
  return exit_status::success;
}

}  // namespace

void add_reports(command_group& to) {
  command_group reports =
      to.add_group("reports", "What people reported, kept as it was then, and photographs that two people show");
  auto [listing, shown] =
      reports.add_showing("list", "Show reports, oldest first, 100 of each kind at most", {table_settings}, list);
  listing.add_flag("--resolved", shown.resolved, "Those that were resolved instead of those that are open");
  add_json(listing, shown.json);
  auto [resolving, done] = reports.add_acting("resolve", "Say that a report was looked at", {table_settings}, resolve);
  resolving.add_option("id", done.id, "The report's")->required()->type_name("UUID");
  resolving.add_option("--note", done.note, "What was done about it; kept with the report");
  add_json(resolving, done.json);
}

}  // namespace spaces::app
