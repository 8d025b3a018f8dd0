#include "marketplace/properties/inquiry_counts.hpp"

#include "marketplace/properties/property.hpp"

namespace spaces::properties {

namespace {

constexpr std::string_view made_attribute = "asked";  // as the first stores have it
constexpr std::string_view closed_attribute = "closed";

/// Two numbers that only grow, because a transaction adds to one attribute of an item: open are those made
/// and not closed.
table::add one_more(const uuid& property_id, std::string_view attribute, instant now) {
  record::item otherwise;
  otherwise.append(table::name::entity_type, record::value::of(std::string_view("InquiryCounts")));
  otherwise.append(table::name::created_at, record::value::of(std::string_view(to_text(now))));
  return {inquiry_counts_key(property_id), std::string(attribute), 1, {}, std::move(otherwise)};
}

std::int64_t number(record::item_view stored, std::string_view attribute) {
  const record::value held = stored.find(attribute);
  return held.kind == record::value_kind::number ? scaled(held.number, 0).value_or(0) : 0;
}

}  // namespace

table::key inquiry_counts_key(const uuid& property_id) { return {key_of(property_id).pk, "INQUIRIES"}; }

table::add inquiry_made(const uuid& property_id, instant now) { return one_more(property_id, made_attribute, now); }

table::add inquiry_closed(const uuid& property_id, instant now) { return one_more(property_id, closed_attribute, now); }

inquiry_counts to_inquiry_counts(record::item_view stored) {
  const std::int64_t made = number(stored, made_attribute);
  return {made, made - number(stored, closed_attribute)};
}

}  // namespace spaces::properties
