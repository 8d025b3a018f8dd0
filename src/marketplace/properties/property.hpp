/// A property that is for sale: its fields and rules, how it is stored and found. No I/O. Field names
/// follow the RESO Data Dictionary where it has one (ListPrice is our price, LivingArea our squareFeet).
#pragma once

#include "marketplace/properties/listing_images.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/decimal.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/record/read.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// The last two are the operator's (properties/moderation.cpp): a listing that was taken down, and one whose owner is
/// suspended.
enum class property_status { active, pending, sold, draft, withdrawn, taken_down, suspended };

inline constexpr std::string_view property_status_names[] = {"active",    "pending",    "sold",     "draft",
                                                             "withdrawn", "taken-down", "suspended"};
/// Those that people give.
inline constexpr std::span<const std::string_view> owners_status_names = std::span(property_status_names).first<5>();

/// Anyone who may read listings sees these, the others only their owner.
constexpr bool is_public(property_status status) {
  return status == property_status::active || status == property_status::pending || status == property_status::sold;
}

/// An operator hides it, until it is restored.
constexpr bool is_moderated(property_status status) {
  return status == property_status::taken_down || status == property_status::suspended;
}

/// One can still buy these.
constexpr bool takes_inquiries(property_status status) {
  return status == property_status::active || status == property_status::pending;
}

}  // namespace spaces::properties

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::properties::property_status> =
    spaces::properties::property_status_names;

namespace spaces::properties {

struct property {
  uuid id;
  std::string title;
  std::optional<std::string> description;
  money price;
  property_status status = property_status::active;
  std::optional<std::string> property_type;
  std::optional<std::int64_t> bedrooms;
  std::optional<quarters> bathrooms;
  std::optional<std::int64_t> square_feet;
  std::optional<std::int64_t> lot_square_feet;
  std::optional<std::int64_t> year_built;
  std::optional<std::string> address;
  std::string city;
  std::string state;
  std::string zip_code;
  std::optional<decimal> latitude;
  std::optional<decimal> longitude;
  std::vector<std::string> features;
  image_list images;
  uuid user_id;
  instant created_at;
  instant updated_at;
  std::int64_t version = 0;

  // An operator's, while the status is one of theirs. `status_before` is what it becomes when it is restored.
  std::optional<std::string> takedown_reason;
  std::optional<bool> owner_suspended;
  std::optional<property_status> status_before;

  // Shown to the owner alone, counted elsewhere (properties/inquiry_counts.hpp).
  std::int64_t inquiry_count = 0;
  std::int64_t open_inquiry_count = 0;

  std::optional<listing_cover> cover;  ///< on cards alone, made of `images`

  record::item unknown;  ///< attributes of a newer version, kept through a rewrite

  static record::field_span fields();
  static constexpr std::string_view name = "Property";
  static constexpr std::string_view create_name = "PropertyCreate";
  static constexpr std::string_view change_name = "PropertyChange";
  static constexpr std::string_view card_name = "PropertyCard";

  bool owned_by(const caller& who) const { return who.known() && user_id == who.id; }
};

/// `before` with what people change. The status of one that an operator hides stays; what is given is what it has when
/// it is restored.
property with_changes(property before, const record::draft<property>& changes);

/// Sets the status from what the operator said of it: called when that changed.
void settle_status(property& p);

/// Puts other pictures in the place of the listing's, which is so a version later.
void set_images(property& p, std::span<const listing_image> images, images_change how, instant now);

/// Rules that span fields, for those that were given: latitude and longitude come together or not at all, and 0/0, in
/// the Gulf of Guinea, is what broken geocoders answer.
std::vector<problem> validate(const property& after, const record::draft<property>& given);

/// An operator's sentences to the owner, in an e-mail and in the listing.
inline constexpr std::size_t takedown_reason_max = 500;

/// Tags of the card's fields (record/write.hpp): stable, never used again for another field.
namespace tag {
inline constexpr std::uint8_t id = 1, title = 2, price = 3, status = 4, property_type = 5, bedrooms = 6, bathrooms = 7,
                              square_feet = 8, address = 9, city = 10, state = 11, zip_code = 12, latitude = 13,
                              longitude = 14, features = 15, user_id = 16, created_at = 17, inquiry_count = 18,
                              open_inquiry_count = 19, takedown_reason = 20, cover = 21;
}

/// The card of a row of an index, whole: a stored one leaves out the id, which is in the row's key. `into` holds it.
std::string_view whole_card(const table::row& row, std::string& into);

/// PROPERTY#id / DETAILS.
table::key key_of(const uuid& id);

/// The item with its index keys and card. Drafts and withdrawn listings are in their owner's index alone.
record::item to_item(const property& p);

/// Empty when an attribute does not fit its field: the item is damaged.
std::optional<property> to_property(record::item_view stored);

/// What of an item decides who may see it, without reading the rest.
struct ownership {
  property_status status;
  uuid owner;
  std::int64_t version;
};
std::optional<ownership> ownership_of(record::item_view stored);

// ---- Where listings are found. Sort keys order by time or price; ids break ties.

/// USER#id.
std::string owner_partition(const uuid& owner);
/// STATUS#status.
std::string status_partition(property_status status);
/// CITY#city#status, the city folded; a long one enters as its SHA-256.
std::string city_partition(std::string_view city, property_status status);

/// Prefix of sort keys in an owner's partition, which holds other things than listings too.
inline constexpr std::string_view owner_prefix = "PROPERTY#";
std::string date_sort_key(instant created_at, const uuid& id);
std::string price_sort_key(money price, const uuid& id);
/// The bounds of all sort keys with prices from (up to) this one.
std::string price_lower_bound(money price);
std::string price_upper_bound(money price);

}  // namespace spaces::properties
