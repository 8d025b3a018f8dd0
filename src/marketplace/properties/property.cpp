#include "marketplace/properties/property.hpp"

#include "platform/base/digest.hpp"
#include "platform/base/folding.hpp"
#include "platform/record/write.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace spaces::properties {

namespace {

using namespace record;

constexpr access carded = editable | on_card;

/// 0.01 to 999,999,999,999.99: a plot in yen or rupiah fits, and so do 14 digits of a sort key.
constexpr decimal price_min{1, 2};
constexpr decimal price_max{99'999'999'999'999, 2};
constexpr int price_key_digits = 14;

/// A palace has a thousand rooms; more is a typing error.
constexpr decimal rooms_max{1000, 0};
/// The largest building has 20 million square feet; the largest ranches 40 billion of land.
constexpr decimal square_feet_max{100'000'000, 0};
constexpr decimal lot_square_feet_max{100'000'000'000, 0};
constexpr decimal zero{};

/// What a text field may take: the longest honest ones of both data sets, doubled.
constexpr std::size_t title_max = 120, description_max = 20'000, address_max = 200, city_max = 100, state_max = 50,
                      zip_code_max = 16, property_type_max = 60, feature_max = 60, features_max_count = 50;

constexpr field property_fields[] = {
    of<&property::id>("id", fixed | on_card,
                      {.card_tag = tag::id,
                       .doc = "UUID, version 7; of imported listings version 8",
                       .example = "\"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071\""}),
    of<&property::title>("title", carded,
                         {.length_min = 3,
                          .length_max = title_max,
                          .required = true,
                          .card_tag = tag::title,
                          .doc = "Headline of the listing",
                          .example = "\"Sunny craftsman near the park\""}),
    of<&property::description>("description", editable,
                               {.length_max = description_max,
                                .lines = true,
                                .doc = "PublicRemarks of RESO; several lines",
                                .example = "\"Three bedrooms, a porch and a pear tree.\""}),
    of<&property::price>("price", carded,
                         {.min = price_min,
                          .max = price_max,
                          .places_max = 2,
                          .required = true,
                          .card_tag = tag::price,
                          .doc = "ListPrice of RESO, in the deployment's currency, with cents",
                          .example = "549500"}),
    of<&property::status>("status", carded,
                          {.choices = owners_status_names,
                           .card_tag = tag::status,
                           .doc = "active, pending and sold are public, the others only the owner's; taken-down and "
                                  "suspended are the operator's",
                           .example = "\"active\""}),
    of<&property::property_type>("propertyType", carded,
                                 {.length_min = 1,
                                  .length_max = property_type_max,
                                  .card_tag = tag::property_type,
                                  .doc = "PropertySubType of RESO, or the trade's own word",
                                  .example = "\"Single Family Residence\""}),
    of<&property::bedrooms>(
        "bedrooms", carded,
        {.min = zero, .max = rooms_max, .card_tag = tag::bedrooms, .doc = "BedroomsTotal of RESO", .example = "3"}),
    of<&property::bathrooms>("bathrooms", carded,
                             {.min = zero,
                              .max = rooms_max,
                              .places_max = 2,
                              .step = decimal{25, 2},
                              .card_tag = tag::bathrooms,
                              .doc = "In quarters: 2.25 is two baths and a shower room",
                              .example = "2.25"}),
    of<&property::square_feet>("squareFeet", carded,
                               {.min = zero,
                                .max = square_feet_max,
                                .card_tag = tag::square_feet,
                                .doc = "LivingArea of RESO, in square feet",
                                .example = "1840"}),
    of<&property::lot_square_feet>(
        "lotSquareFeet", editable,
        {.min = zero, .max = lot_square_feet_max, .doc = "LotSizeSquareFeet of RESO", .example = "5200"}),
    of<&property::year_built>(
        "yearBuilt", editable,
        {.min = decimal{1000, 0}, .max = decimal{2200, 0}, .doc = "YearBuilt of RESO", .example = "1924"}),
    of<&property::address>("address", carded,
                           {.length_min = 1,
                            .length_max = address_max,
                            .card_tag = tag::address,
                            .doc = "UnparsedAddress of RESO: street and number",
                            .example = "\"1208 N 42nd St\""}),
    of<&property::city>("city", carded,
                        {.length_min = 1,
                         .length_max = city_max,
                         .required = true,
                         .card_tag = tag::city,
                         .doc = "City of RESO",
                         .example = "\"Seattle\""}),
    of<&property::state>("state", carded,
                         {.length_min = 1,
                          .length_max = state_max,
                          .required = true,
                          .card_tag = tag::state,
                          .doc = "StateOrProvince of RESO",
                          .example = "\"WA\""}),
    of<&property::zip_code>("zipCode", carded,
                            {.length_min = 1,
                             .length_max = zip_code_max,
                             .required = true,
                             .card_tag = tag::zip_code,
                             .doc = "PostalCode of RESO",
                             .example = "\"98103\""}),
    of<&property::latitude>("latitude", carded,
                            {.min = decimal{-90, 0},
                             .max = decimal{90, 0},
                             .places_max = 20,
                             .card_tag = tag::latitude,
                             .doc = "Degrees, WGS 84; kept digit by digit",
                             .example = "47.6592"}),
    of<&property::longitude>("longitude", carded,
                             {.min = decimal{-180, 0},
                              .max = decimal{180, 0},
                              .places_max = 20,
                              .card_tag = tag::longitude,
                              .doc = "Degrees, WGS 84; kept digit by digit",
                              .example = "-122.3418"}),
    of<&property::features>(
        "features", carded,
        {.length_min = 1,
         .length_max = feature_max,
         .items_max = features_max_count,
         .one_of_alike = true,
         .card_tag = tag::features,
         .doc = "What people search by; those that differ in case, accents or hyphens alone are one",
         .example = "[\"garden\", \"garage\"]"}),
    of<&property::images>("images", fixed,
                          {.items_max = images_max,
                           .doc = "Photographs, the cover first; POST /properties/{id}/images adds one",
                           .example = "[]"}),
    of<&property::user_id>(
        "userId", fixed | on_card,
        {.card_tag = tag::user_id, .doc = "Who published it", .example = "\"019ab3c4-0000-7000-8000-000000000001\""}),
    of<&property::created_at>("createdAt", fixed | on_card,
                              {.stored_as = table::name::created_at,
                               .card_tag = tag::created_at,
                               .doc = "UTC",
                               .example = "\"2026-11-22T08:00:00.000Z\""}),
    of<&property::updated_at>(
        "updatedAt", fixed,
        {.stored_as = table::name::updated_at, .doc = "UTC", .example = "\"2026-11-22T08:00:00.000Z\""}),
    of<&property::version>("version", fixed,
                           {.doc = "1 when made, one more with each change; the entity tag's number", .example = "1"}),
    of<&property::takedown_reason>("takedownReason", on_own | on_store,
                                   {.length_min = 1,
                                    .length_max = takedown_reason_max,
                                    .lines = true,
                                    .card_tag = tag::takedown_reason,
                                    .doc = "To the owner: why the operator took the listing down",
                                    .example = "null"}),
    of<&property::owner_suspended>("ownerSuspended", on_store, {.doc = "The owner is suspended"}),
    of<&property::status_before>("statusBefore", on_store, {.doc = "The status it has when it is restored"}),
    of<&property::inquiry_count>("inquiryCount", on_own,
                                 {.card_tag = tag::inquiry_count,
                                  .doc = "To the owner, when it is read: how many inquiries it has had",
                                  .example = "12"}),
    of<&property::open_inquiry_count>(
        "openInquiryCount", on_own,
        {.card_tag = tag::open_inquiry_count, .doc = "To the owner: how many are not closed", .example = "3"}),
    of<&property::cover>("cover", on_card,
                         {.card_tag = tag::cover,
                          .doc = "The first photograph; null where none is ready",
                          .example = R"({"width": 4032, "height": 3024, "placeholder": "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",)"
                                     R"( "url": "https://example.com/media/71/019ab3c4…/5a1c…-{width}.{type}",)"
                                     R"( "widths": [320, 640, 1280, 2048], "types": ["webp", "jpg"]})"}),
};
static_assert(std::size(property_fields) <= fields_max);

constexpr std::string_view key_prefix = "PROPERTY#";

/// Longer folded cities enter keys as their digest: CITY#, # and the longest status leave 112 bytes.
constexpr std::size_t city_key_bytes_max = 96;

void append_text(item& to, std::string_view name, std::string_view text) { to.append(name, value::of(text)); }

std::string padded_cents(money price) { return fmt::format("{:0{}}", price.cents, price_key_digits); }

}  // namespace

field_span property::fields() { return property_fields; }

table::key key_of(const uuid& id) { return {std::string(key_prefix) + to_text(id), "DETAILS"}; }

item to_item(const property& p) {
  item made;
  append_text(made, table::name::entity_type, property::name);
  append_attributes(made, property::fields(), &p);
  const std::string by_date = date_sort_key(p.created_at, p.id);
  // For the operator's lists.
  if (is_moderated(p.status)) table::append_index(made, table::index::gsi2, status_partition(p.status), by_date);
  table::append_index(made, table::index::gsi1, owner_partition(p.user_id), std::string(owner_prefix) += by_date);
  if (is_public(p.status)) {
    const std::string by_price = price_sort_key(p.price, p.id);
    const std::string of_status = status_partition(p.status);
    const std::string of_city = city_partition(p.city, p.status);
    table::append_index(made, table::index::gsi2, of_status, by_date);
    table::append_index(made, table::index::gsi3, of_status, by_price);
    table::append_index(made, table::index::gsi4, of_city, by_date);
    table::append_index(made, table::index::gsi5, of_city, by_price);
  }
  std::string card;
  static_assert(property_fields[0].rules.card_tag == tag::id);
  append_card(card, property::fields().subspan(1), &p);
  if (const auto cover = listing_cover::of(p.images)) append_card_bytes(card, tag::cover, cover->packed());
  // On the owner's lists alone: it is no field of public cards.
  if (p.takedown_reason) append_card_text(card, tag::takedown_reason, *p.takedown_reason);
  made.append(table::name::card, value::of_bytes(card));
  for (const attribute& a : p.unknown.view()) made.append(a.name, a.value);
  return made;
}

std::optional<property> to_property(item_view stored) {
  property p;
  item others;
  if (!read_attributes(stored, property::fields(), &p, &others)) return std::nullopt;
  for (const attribute& a : others.view())
    if (!table::is_table_name(a.name)) p.unknown.append(a.name, a.value);
  return p;
}

std::string_view whole_card(const table::row& row, std::string& into) {
  // One of an older version has the id itself.
  if (card_begins_with(row.card, tag::id)) return row.card;
  const auto id = parse_uuid(row.key.pk.substr(std::min(key_prefix.size(), row.key.pk.size())));
  into.clear();
  append_card_id(into, tag::id, id.value_or(uuid{}));
  return into += row.card;
}

property with_changes(property before, const record::draft<property>& changes) {
  static const std::size_t status_field = record::find_field(property::fields(), "status");
  const property_status shown = before.status;
  property after = changes.apply(std::move(before));
  if (!is_moderated(shown)) return after;
  if (changes.given[status_field] && !is_moderated(after.status)) after.status_before = after.status;
  after.status = shown;
  return after;
}

void settle_status(property& p) {
  const bool hidden = p.takedown_reason || p.owner_suspended.value_or(false);
  if (hidden && !p.status_before) p.status_before = p.status;
  if (p.takedown_reason)
    p.status = property_status::taken_down;
  else if (hidden)
    p.status = property_status::suspended;
  else if (p.status_before)
    p.status = *std::exchange(p.status_before, std::nullopt);
}

void set_images(property& p, std::span<const listing_image> images, images_change how, instant now) {
  ++p.version;
  p.updated_at = std::max(now, p.created_at);
  p.images.set(images, how, p.version);
}

std::vector<problem> validate(const property& after, const record::draft<property>& given) {
  static const std::size_t latitude = record::find_field(property::fields(), "latitude");
  static const std::size_t longitude = record::find_field(property::fields(), "longitude");
  if (!given.given[latitude] && !given.given[longitude]) return {};
  if (after.latitude.has_value() != after.longitude.has_value()) {
    const bool has_latitude = after.latitude.has_value();
    return {{has_latitude ? "/longitude" : "/latitude", "required",
             has_latitude ? "must be given with latitude, or both be null"
                          : "must be given with longitude, or both be null"}};
  }
  if (after.latitude && *after.latitude == zero && *after.longitude == zero)
    return {
        {"/latitude", "no-place", "must not be 0 where longitude is 0: leave both out where the place is not known"}};
  return {};
}

std::optional<ownership> ownership_of(item_view stored) {
  const auto found = stored.find_all<3>({"status", "userId", "version"});
  const auto status = from_name<property_status>(found[0].text);
  const auto owner = parse_uuid(found[1].text);
  const auto version = found[2].kind == value_kind::number ? scaled(found[2].number, 0) : std::optional<std::int64_t>();
  if (!status || !owner || !version) return std::nullopt;
  return ownership{*status, *owner, *version};
}

std::string owner_partition(const uuid& owner) { return "USER#" + to_text(owner); }

std::string status_partition(property_status status) { return "STATUS#" + std::string(to_name(status)); }

std::string city_partition(std::string_view city, property_status status) {
  std::string folded = fold(city);
  if (folded.size() > city_key_bytes_max) folded = to_hex(sha256(folded));
  return "CITY#" + folded + '#' + std::string(to_name(status));
}

std::string date_sort_key(instant created_at, const uuid& id) {
  // Behind the first 14 characters, which tell an id's time: so much shorter, 21 rows of typical listings are
  // less than 8 KB in every index of public ones, and DynamoDB reads them for one unit.
  constexpr std::size_t id_time_size = 14;
  std::string key;
  append_instant(key, created_at);
  return (key += '#').append(to_text(id), id_time_size);
}

std::string price_sort_key(money price, const uuid& id) { return padded_cents(price) + '#' + to_text(id); }

std::string price_lower_bound(money price) { return padded_cents(price) + '#'; }

std::string price_upper_bound(money price) { return padded_cents(price) + "#g"; }  // ids are hexadecimal

}  // namespace spaces::properties
