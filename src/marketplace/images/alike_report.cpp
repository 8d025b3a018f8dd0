#include "marketplace/images/alike_report.hpp"

#include "platform/record/read.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/page.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>

namespace spaces::images {

namespace {

using namespace record;

constexpr std::size_t note_max = 5000;

constexpr field report_fields[] = {
    of<&alike_report::id>("id", fixed, {}),
    of<&alike_report::status>("status", fixed, {}),
    of<&alike_report::distance>("distance", fixed, {}),
    of<&alike_report::image_id>("imageId", fixed, {}),
    of<&alike_report::property_id>("propertyId", fixed, {}),
    of<&alike_report::user_id>("userId", fixed, {}),
    of<&alike_report::other_image_id>("otherImageId", fixed, {}),
    of<&alike_report::other_property_id>("otherPropertyId", fixed, {}),
    of<&alike_report::other_user_id>("otherUserId", fixed, {}),
    of<&alike_report::created_at>("createdAt", fixed, {.stored_as = table::name::created_at}),
    of<&alike_report::resolved_at>("resolvedAt", fixed, {}),
    of<&alike_report::note>("note", fixed, {.length_max = note_max, .lines = true}),
    of<&alike_report::version>("version", on_store, {}),
};

table::key key_by_id(const uuid& id) { return {"ALIKE#" + to_text(id), "DETAILS"}; }

/// The same for both orders.
uuid id_of_pair(const uuid& one, const uuid& other) {
  const std::string first = to_text(std::min(one, other));
  const std::string second = to_text(std::max(one, other));
  const std::string_view parts[] = {"alike", first, second};
  return make_uuid_v8(parts);
}

std::string partition_of(alike_status status) { return "ALIKE#" + std::string(to_name(status)); }

item to_item(const alike_report& r) {
  item made;
  made.append(table::name::entity_type, value::of(std::string_view("AlikeReport")));
  append_attributes(made, alike_report::fields(), &r);
  std::string by_date;
  append_instant(by_date, r.created_at);
  table::append_index(made, table::index::gsi1, partition_of(r.status), by_date + '#' + to_text(r.id));
  return made;
}

std::optional<alike_report> to_report(item_view stored) {
  alike_report r;
  if (!read_attributes(stored, alike_report::fields(), &r, nullptr)) return std::nullopt;
  return r;
}

/// By an operator's command, which nobody waits for but the operator.
constexpr std::chrono::seconds resolve_time_max{10};

}  // namespace

field_span alike_report::fields() { return report_fields; }

result<void> alike_reports::keep(const likeness& came, const likeness& other, int distance) {
  alike_report made;
  made.id = id_of_pair(came.listing, other.listing);
  made.distance = distance;
  made.image_id = came.image;
  made.property_id = came.listing;
  made.user_id = came.owner;
  made.other_image_id = other.image;
  made.other_property_id = other.listing;
  made.other_user_id = other.owner;
  made.created_at = clock_.now();
  made.version = 1;
  const auto written = table_.write({table::put{key_by_id(made.id), to_item(made), {table::absent{}}}});
  if (!written) return written.error();
  return {};
}

result<std::vector<alike_report>> alike_reports::list(alike_status status) {
  table::query rows;
  rows.partition = partition_of(status);
  const auto keys = table::keys_of_rows(table_, std::move(rows), alike_listed_max);
  if (!keys) return keys.error();
  std::vector<alike_report> found;
  const auto read = table::read_items(table_, *keys, [&](item_view stored) -> result<void> {
    std::optional<alike_report> one = to_report(stored);
    if (!one) return table::damaged("a report of two pictures");
    found.push_back(*std::move(one));
    return {};
  });
  if (!read) return read.error();
  return found;
}

result<alike_report> alike_reports::resolve(const uuid& id, std::optional<std::string> note,
                                            const std::vector<table::operation>& also) {
  alike_report after;
  if (note) {
    // By the field's own rules, as everything that is kept.
    std::vector<problem> problems;
    const field& kept = report_fields[find_field(report_fields, "note")];
    if (!accept(kept, &after, value::of(std::string_view(*note)), "--note", problems))
      return invalid(std::move(problems));
    note = after.note;
  }
  const auto becomes = [&](const item* stored) -> result<table::revision> {
    if (!stored) return not_found("report");
    result<alike_report> before = table::to_entity<to_report>(key_by_id(id), stored->view());
    if (!before) return before.error();
    if (before->status == alike_status::resolved) return conflict("The report was resolved before");
    after = *std::move(before);
    after.status = alike_status::resolved;
    after.resolved_at = clock_.now();
    after.note = note;
    ++after.version;
    return table::revision{to_item(after), also};
  };
  const auto written = table::revise(table_, key_by_id(id), clock_, clock_.now() + resolve_time_max, becomes);
  if (!written) return written.error();
  return after;
}

}  // namespace spaces::images
