#include "marketplace/inquiries/report.hpp"

#include "platform/record/read.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/revise.hpp"

#include <utility>

namespace spaces::inquiries {

namespace {

using namespace record;

/// A paragraph; what was said in the inquiry is kept with it.
constexpr std::size_t reason_max = 1000;
constexpr std::size_t text_max = 5000;

constexpr field report_fields[] = {
    of<&report::id>("id", fixed, {}),
    of<&report::status>("status", fixed, {}),
    of<&report::reason>("reason", fixed | on_create,
                        {.length_min = 1,
                         .length_max = reason_max,
                         .lines = true,
                         .doc = "What is wrong with it, for the operator",
                         .example = "\"It asks me to pay a deposit to a stranger.\""}),
    of<&report::reported_by>("reportedBy", fixed, {}),
    of<&report::inquiry_id>("inquiryId", fixed, {}),
    of<&report::property_id>("propertyId", fixed, {}),
    of<&report::property_title>("propertyTitle", fixed, {.length_max = text_max}),
    of<&report::user_id>("userId", fixed, {}),
    of<&report::owner_id>("ownerId", fixed, {}),
    of<&report::message>("message", fixed, {.length_max = text_max, .lines = true}),
    of<&report::response>("response", fixed, {.length_max = text_max, .lines = true}),
    of<&report::created_at>("createdAt", fixed, {.stored_as = table::name::created_at}),
    of<&report::resolved_at>("resolvedAt", fixed, {}),
    of<&report::note>("note", fixed, {.length_max = text_max, .lines = true}),
    of<&report::version>("version", on_store, {}),
};

table::key key_by_id(const uuid& id) { return {"REPORT#" + to_text(id), "DETAILS"}; }

/// One report by each side of an inquiry.
uuid id_of_report(const uuid& inquiry_id, const uuid& reported_by) {
  const std::string of = to_text(inquiry_id);
  const std::string by = to_text(reported_by);
  const std::string_view parts[] = {"report", of, by};
  return make_uuid_v8(parts);
}

std::string partition_of(report_status status) { return "REPORTS#" + std::string(to_name(status)); }

item to_item(const report& r) {
  item made;
  made.append(table::name::entity_type, value::of(std::string_view("Report")));
  append_attributes(made, report::fields(), &r);
  std::string by_date;
  append_instant(by_date, r.created_at);
  table::append_index(made, table::index::gsi1, partition_of(r.status), by_date + '#' + to_text(r.id));
  return made;
}

/// By an operator's command, which nobody waits for but the operator.
constexpr std::chrono::seconds resolve_time_max{10};

}  // namespace

field_span report::fields() { return report_fields; }

table::key report_key(const uuid& inquiry_id, const uuid& reported_by) {
  return key_by_id(id_of_report(inquiry_id, reported_by));
}

std::optional<report> to_report(item_view stored) {
  report r;
  if (!read_attributes(stored, report::fields(), &r, nullptr)) return std::nullopt;
  return r;
}

result<inquiry> reports::concerning(const caller& who, const uuid& inquiry_id) {
  auto found = table::find<to_inquiry>(table_, key_of(inquiry_id), table::consistency::strong);
  if (!found) return found.error();
  if (!*found || !(*found)->concerns(who)) return not_found("inquiry");
  return **std::move(found);
}

result<void> reports::may_keep(const caller& who, const uuid& inquiry_id) {
  const result<inquiry> about = concerning(who, inquiry_id);
  if (!about) return about.error();
  return {};
}

result<void> reports::keep(const caller& who, const uuid& inquiry_id, const record::draft<report>& request) {
  const result<inquiry> about = concerning(who, inquiry_id);
  if (!about) return about.error();
  report made = request.apply({});
  made.id = id_of_report(inquiry_id, who.id);
  made.reported_by = who.id;
  made.inquiry_id = inquiry_id;
  made.property_id = about->property_id;
  made.property_title = about->property_title;
  made.user_id = about->user_id;
  made.owner_id = about->owner_id;
  made.message = about->message;
  made.response = about->response;
  made.created_at = clock_.now();
  made.version = 1;
  const auto written = table_.write({table::put{key_by_id(made.id), to_item(made), {table::absent{}}}});
  if (!written) return written.error();
  return {};
}

result<std::vector<report>> reports::list(report_status status) {
  table::query rows;
  rows.partition = partition_of(status);
  rows.limit = reports_listed_max;
  std::vector<table::key> keys;
  const auto more = table_.visit_index(rows, [&](const table::row& row) {
    keys.push_back({std::string(row.key.pk), std::string(row.key.sk)});
    return true;
  });
  if (!more) return more.error();
  const auto items = table_.read_batch(keys, table::consistency::eventual);
  if (!items) return items.error();
  std::vector<report> found;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!(*items)[i]) continue;
    result<report> read = table::to_entity<to_report>(keys[i], (*items)[i]->view());
    if (!read) return read.error();
    found.push_back(*std::move(read));
  }
  return found;
}

result<report> reports::resolve(const uuid& id, std::optional<std::string> note,
                                const std::vector<table::operation>& also) {
  report after;
  if (note) {
    // By the field's own rules, as everything that is kept.
    std::vector<problem> problems;
    const field& kept = report_fields[find_field(report_fields, "note")];
    if (!accept(kept, &after, value::of(std::string_view(*note)), "--note", problems))
      return invalid(std::move(problems));
    note = after.note;
  }
  const auto written = table::revise(table_, key_by_id(id), clock_, clock_.now() + resolve_time_max,
                                     [&](const item* stored) -> result<table::revision> {
                                       if (!stored) return not_found("report");
                                       result<report> before =
                                           table::to_entity<to_report>(key_by_id(id), stored->view());
                                       if (!before) return before.error();
                                       if (before->status == report_status::resolved)
                                         return conflict("The report was resolved before");
                                       after = *std::move(before);
                                       after.status = report_status::resolved;
                                       after.resolved_at = clock_.now();
                                       after.note = note;
                                       ++after.version;
                                       return table::revision{to_item(after), also};
                                     });
  if (!written) return written.error();
  return after;
}

}  // namespace spaces::inquiries
