#include "inquiries/inquiry_query.hpp"

#include "record/card.hpp"
#include "record/write.hpp"
#include "table/cursor.hpp"

#include <cstring>

namespace spaces::inquiries {

namespace {

using namespace record;

/// As for listings: a page that a screen shows. The contacts on it are one batch of the table.
constexpr decimal limit_max{100, 0};
static_assert(limit_max.digits <= static_cast<std::int64_t>(table::batch_keys_max));

constexpr field query_fields[] = {
    of<&inquiry_query::limit>(
        "limit", on_create,
        {.min = decimal{1, 0}, .max = limit_max, .doc = "Rows of a page; 20 unless given", .example = "20"}),
    of<&inquiry_query::cursor>("cursor", on_create,
                               {.length_min = 1,
                                .length_max = table::cursor_bytes_max,
                                .doc = "`nextCursor` of the page before, with the same filters and order"}),
    of<&inquiry_query::box>("box", on_create,
                            {.doc = "Those about one's own listings, unless given, or those one sent"}),
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

table::query plan(const inquiry_query& asked, const uuid& who) {
  table::query rows;
  rows.direction = asked.sort == inquiry_sort::newest ? table::direction::backward : table::direction::forward;
  if (!asked.received()) {
    rows.index = table::index::gsi2;
    rows.partition = person_partition(who);
  } else if (asked.property_id) {
    rows.index = table::index::gsi1;
    rows.partition = property_partition(*asked.property_id);
  } else {
    rows.index = table::index::gsi3;
    rows.partition = person_partition(who);
  }
  return rows;
}

std::string question_of(const inquiry_query& asked, const uuid& who) {
  std::string question = "inquiries " + to_text(who);
  scratch store;
  for (const field& f : query_fields) {
    if (f.name == "limit" || f.name == "cursor") continue;
    (question += '\n') += f.name;
    question += '=';
    append_json(question, f.fetch(&asked, store));
  }
  return question;
}

bool admits_all(const inquiry_query& asked) { return !asked.status && (asked.received() || !asked.property_id); }

bool owns(const uuid& who, std::string_view card) { return names(card, tag::owner_id, who); }

bool admits(const inquiry_query& asked, std::string_view card) {
  if (asked.property_id && !names(card, tag::property_id, *asked.property_id)) return false;
  return !asked.status || card_value(card, tag::status).text == to_name(*asked.status);
}

}  // namespace spaces::inquiries
