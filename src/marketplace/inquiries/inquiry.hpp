/// A question about a listing and its answer: fields and rules, how it is stored and found. No I/O.
#pragma once

#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/record/read.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::inquiries {

enum class inquiry_status { fresh, responded, closed };

inline constexpr std::string_view inquiry_status_names[] = {"new", "responded", "closed"};

}  // namespace spaces::inquiries

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::inquiries::inquiry_status> =
    spaces::inquiries::inquiry_status_names;

namespace spaces::inquiries {

struct inquiry {
  uuid id;
  uuid property_id;
  std::string property_title;  ///< as it was at the inquiry: it outlives the listing
  uuid user_id;                ///< the inquirer
  uuid owner_id;               ///< whose the listing is
  std::string message;
  std::string excerpt;  ///< of the message, for cards
  inquiry_status status = inquiry_status::fresh;
  std::optional<std::string> response;
  instant created_at;
  instant updated_at;
  std::int64_t version = 0;

  // Of the inquirer, as they are now: read when shown, never stored here. Absent when the account is gone.
  std::optional<std::string> inquirer_name;
  std::optional<std::string> inquirer_email;
  std::optional<std::string> inquirer_phone_number;

  record::item unknown;  ///< attributes of a newer version, kept through a rewrite

  static record::field_span fields();
  static constexpr std::string_view name = "Inquiry";
  static constexpr std::string_view create_name = "InquiryCreate";
  static constexpr std::string_view change_name = "InquiryChange";
  static constexpr std::string_view card_name = "InquiryCard";

  bool sent_by(const caller& who) const { return who.known() && user_id == who.id; }
  bool received_by(const caller& who) const { return who.known() && owner_id == who.id; }
  bool concerns(const caller& who) const { return sent_by(who) || received_by(who); }
};

/// Tags of the card's fields (record/write.hpp): stable, never used again for another field.
namespace tag {
inline constexpr std::uint8_t id = 1, property_id = 2, property_title = 3, user_id = 4, owner_id = 5, excerpt = 6,
                              status = 7, created_at = 8, inquirer_name = 9, inquirer_email = 10,
                              inquirer_phone_number = 11;
}

/// A text with more links than that is an advertisement: three photographs, a map and a calendar are two
/// messages.
inline constexpr std::size_t links_max = 3;
/// How many places of a text a mail program would make links of: "https://…", "www.…".
std::size_t links_in(std::string_view text);

/// Title and excerpt have so much room on a card, so that a page of 20 (and the row behind it) costs one
/// read unit of DynamoDB: 21 rows of 390 bytes are 8 KiB.
inline constexpr std::size_t card_text_bytes_max = 104;
/// What of the message's beginning is on a card: whole code points of one line.
std::string excerpt_of(std::string_view message, std::size_t bytes_max);

/// INQUIRY#id / DETAILS.
table::key key_of(const uuid& id);
/// The id in an inquiry's key.
std::optional<uuid> id_of(table::key_view key);

/// The item with its index keys and card.
record::item to_item(const inquiry& q);

/// Empty when an attribute does not fit its field: the item is damaged.
std::optional<inquiry> to_inquiry(record::item_view stored);

/// What somebody hears of a listing that takes no inquiries, and, in the same words, of one whose owner blocks them.
error listing_closed();

/// OPEN#propertyId / USER#id: there while the person has an inquiry about the property that is not closed.
table::key open_key(const uuid& property_id, const uuid& user_id);
record::item open_item(const inquiry& q);
/// Which inquiry an open item stands for.
std::optional<uuid> inquiry_of(record::item_view open);

/// An id that stands on a card; empty where there is none.
std::optional<uuid> id_on_card(std::string_view card, std::uint8_t tag);

// ---- Where inquiries are found, by date.

/// PROPERTY#id, in GSI1.
std::string property_partition(const uuid& property_id);
/// USER#id: of the inquirer in GSI2, of the owner in GSI3.
std::string person_partition(const uuid& person);

/// What becomes of an inquiry that `who` changes, by the rules of who may what. Pure. The owner answers
/// (`response`, as often as wanted until it is closed), the inquirer edits the message while nobody answered,
/// either side closes; what is closed stays as it is. `not_found` for who it does not concern. `before` has the contact
/// where the request repeats it.
result<inquiry> changed(const inquiry& before, const caller& who, const record::draft<inquiry>& request, instant now);

}  // namespace spaces::inquiries
