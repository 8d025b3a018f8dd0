#include "marketplace/inquiries/inquiry_query.hpp"

#include "platform/record/card.hpp"
#include "platform/table/page.hpp"

#include <cstring>

namespace spaces::inquiries {

namespace {

using namespace record;

constexpr field query_fields[] = {
    of<&inquiry_query::limit>("limit", on_create, table::page_limit_rules),
    of<&inquiry_query::cursor>("cursor", on_create, table::page_cursor_rules),
    of<&inquiry_query::box>("box", on_create, {.doc = "received: those about your listings; sent: those you sent"}),
    of<&inquiry_query::sort>("sort", on_create, {.doc = "Order; newest first unless given"}),
    of<&inquiry_query::property_id>("propertyId", on_create, {.doc = "Only those about this listing"}),
    of<&inquiry_query::status>("status", on_create, {.doc = "Only those of this status"}),
};

bool names(std::string_view card, std::uint8_t tag, const uuid& id) {
  const value held = card_value(card, tag);
  return held.kind == value_kind::bytes && held.text.size() == id.bytes.size() &&
         std::memcmp(held.text.data(), id.bytes.data(), id.bytes.size()) == 0;
}

}  // namespace

field_span inquiry_query::fields() { return query_fields; }

table::query plan(const inquiry_query& query, const uuid& who) {
  table::query rows;
  rows.direction = query.sort == inquiry_sort::newest ? table::direction::backward : table::direction::forward;
  if (!query.received()) {
    rows.index = table::index::gsi2;
    rows.partition = person_partition(who);
  } else if (query.property_id) {
    rows.index = table::index::gsi1;
    rows.partition = property_partition(*query.property_id);
  } else {
    rows.index = table::index::gsi3;
    rows.partition = person_partition(who);
  }
  return rows;
}

std::string question_of(const inquiry_query& query, const uuid& who) {
  return table::question_text("inquiries " + to_text(who), query_fields, &query);
}

bool admits_all(const inquiry_query& query) { return !query.status && (query.received() || !query.property_id); }

bool owns(const uuid& who, std::string_view card) { return names(card, tag::owner_id, who); }

bool admits(const inquiry_query& query, std::string_view card) {
  if (query.property_id && !names(card, tag::property_id, *query.property_id)) return false;
  return !query.status || card_choice(card, tag::status, inquiry_status_names) == to_name(*query.status);
}

}  // namespace spaces::inquiries
