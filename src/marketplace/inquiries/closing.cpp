#include "marketplace/inquiries/closing.hpp"

#include "marketplace/inquiries/emails.hpp"
#include "marketplace/properties/inquiry_counts.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/record/card.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>
#include <utility>

namespace spaces::inquiries {

namespace {

constexpr std::string_view job_kind = "close-inquiries";

/// Nobody waits for it but the job.
constexpr std::chrono::seconds close_time_max{10};

}  // namespace

std::vector<table::operation> end_of(const inquiry& closed, instant now) {
  return {table::remove{open_key(closed.property_id, closed.user_id), {}},
          properties::inquiry_closed(closed.property_id, now)};
}

/// What was closed before stays as it is.
result<void> inquiries::close_for_good(const uuid& id, inquiry_event event) {
  const auto becomes = [&](const record::item* stored) -> result<table::revision> {
    std::optional<inquiry> before = stored ? to_inquiry(stored->view()) : std::nullopt;
    if (!before) return table::damaged(key_of(id));
    if (before->status == inquiry_status::closed) return conflict("closed before");
    const instant now = clock_.now();
    inquiry after = *std::move(before);
    after.status = inquiry_status::closed;
    after.updated_at = std::max(now, after.created_at);
    ++after.version;
    std::vector<table::operation> also = end_of(after, now);
    const uuid& left = event == inquiry_event::gone ? after.user_id : after.owner_id;
    also.emplace_back(enqueue_email(event, after, left, now));
    return table::revision{to_item(after), std::move(also)};
  };
  const auto written = table::revise(table_, key_of(id), clock_, clock_.now() + close_time_max, becomes);
  if (!written && written.error().kind != error_kind::conflict) return written.error();
  return {};
}

/// Those of the rows that are open, page by page.
result<void> inquiries::close_open(table::query rows, inquiry_event event) {
  for (bool more = true; more;) {
    std::vector<uuid> open;
    const auto left = table_.visit_index(rows, [&](const table::row& row) {
      rows.after = table::position{std::string(row.sort_key), {std::string(row.key.pk), std::string(row.key.sk)}};
      if (record::card_choice(row.card, tag::status, inquiry_status_names) == record::to_name(inquiry_status::closed))
        return true;
      if (const auto id = id_on_card(row.card, tag::id)) open.push_back(*id);
      return true;
    });
    if (!left) return left.error();
    more = *left;
    for (const uuid& id : open)
      if (const auto closed = close_for_good(id, event); !closed) return closed.error();
  }
  bell_.ring();
  return {};
}

result<void> inquiries::close_all_about(const uuid& property_id) {
  table::query rows;
  rows.partition = property_partition(property_id);
  if (const auto closed = close_open(std::move(rows), inquiry_event::gone); !closed) return closed.error();
  const auto counts = table_.get(properties::inquiry_counts_key(property_id), table::consistency::strong);
  if (!counts) return counts.error();
  if (*counts && properties::to_inquiry_counts((*counts)->view()).open > 0)
    return conflict("an open inquiry is not in the index yet");
  return {};
}

result<void> inquiries::close_all_of(const uuid& person) {
  inquiry_query received, sent;
  sent.box = inquiry_box::sent;
  if (const auto closed = close_open(plan(received, person), inquiry_event::gone); !closed) return closed.error();
  return close_open(plan(sent, person), inquiry_event::closed);
}

table::put enqueue_closing(const uuid& property_id, instant now) {
  record::item details;
  details.append("propertyId", record::value::of(std::string_view(to_text(property_id))));
  return jobs::enqueue({job_kind, std::move(details)}, make_uuid_v7(now), now);
}

std::vector<table::operation> close_when_removed(const properties::property& gone, instant now) {
  return {enqueue_closing(gone.id, now)};
}

job_row closing_job(inquiries& service) {
  return {job_kind, [&service](const uuid&, record::item_view details) -> result<void> {
            const auto property_id = parse_uuid(details.find("propertyId").text);
            if (!property_id) return invalid({{"", "wrong-type", "inquiries of no listing are to be closed"}});
            return service.close_all_about(*property_id);
          }};
}

}  // namespace spaces::inquiries
