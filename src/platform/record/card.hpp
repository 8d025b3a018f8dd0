/// Cards: the fields with `on_card`, packed, which index rows carry and lists show. A card is a run of
/// entries: tag and kind in one byte, then the value; ids take 16 bytes, times 8, choices one, so that a typical one
/// has 220 bytes. Unknown tags are passed over. What older versions have written, with a byte for each of both, is
/// read.
#pragma once

#include "platform/record/field.hpp"
#include "platform/record/item.hpp"
#include "platform/record/object_shape.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::record {

void append_card(std::string& out, field_span fields, const void* entity, access mask = on_card);

/// Appends a text under a field's tag, as `append_card` would of an entity that holds it.
void append_card_text(std::string& out, std::uint8_t tag, std::string_view text);

/// The same of an id, of bytes that a type packs, and of whatever value stands in a field's stead.
void append_card_id(std::string& out, std::uint8_t tag, const uuid& id);
void append_card_bytes(std::string& out, std::uint8_t tag, std::string_view packed);

/// Reads a card's value by its tag; `value_kind::none` when it has none. An id comes as 16 bytes, a
/// time as the number of milliseconds since 1970, a choice as its number (`card_choice` has its name).
value card_value(std::string_view card, std::uint8_t tag);

/// The name of a choice by its tag; empty when the card has none, or one that `names` does not have.
std::string_view card_choice(std::string_view card, std::uint8_t tag, std::span<const std::string_view> names);

/// Whether the first entry has this tag: what every card of an older version may begin with, say.
bool card_begins_with(std::string_view card, std::uint8_t tag);

/// The same of a number; empty for any other kind.
std::optional<decimal> card_number(std::string_view card, std::uint8_t tag);

/// How cards of an entity become JSON: laid out once, used for every card.
class card_shape {
 public:
  /// `fields` must outlive it. Packed values are written by `how`; its id is each card's.
  explicit card_shape(field_span fields, access mask = on_card, const presentation& how = {});

  /// Puts the JSON object of a card, the same members in the same order for each.
  void put(text_buffer& out, std::string_view card) const;

  /// Writes it where there is room for `bytes_max(card)`; returns its end.
  char* write(char* at, std::string_view card) const;
  std::size_t bytes_max(std::string_view card) const;

 private:
  object_shape object_;
  std::array<std::uint8_t, 256> member_of_tag_;
  const field* packed_ = nullptr;  ///< the one that is, where there is one
};

/// A JSON array of cards.
std::string array_of(const std::vector<std::string>& cards, const card_shape& shape);

}  // namespace spaces::record
