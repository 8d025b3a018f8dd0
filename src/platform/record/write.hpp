/// Writing an entity by its field table: JSON answers, table items; cards are in record/card.hpp.
#pragma once

#include "platform/record/card.hpp"
#include "platform/record/field.hpp"
#include "platform/record/item.hpp"

#include <string>
#include <string_view>

namespace spaces::record {

/// Appends a value as JSON: exact numbers, never an exponent; none as null, bytes as an object: {"base64url":"…"}.
void append_json(std::string& out, const value& v);

/// Appends the JSON object of the fields that `mask` has. Absent optional fields are null, so that
/// every answer of a kind has the same members. Packed values are written by `how`, and as their bytes where stored
/// fields are (`on_store`).
void append_object(std::string& out, field_span fields, const void* entity, access mask, presentation how = {});

/// The stored fields as item attributes; absent ones are left out.
void append_attributes(item& to, field_span fields, const void* entity);

/// Reads the stored fields; attributes of other names are appended to `unknown` when it is given, so
/// that what a newer version wrote survives a rewrite. False when a value does not fit its field.
bool read_attributes(item_view from, field_span fields, void* entity, item* unknown);

/// Appends the JSON object of an item's shown fields straight from its bytes, as `append_object`
/// would of the entity read from it. Who does so often keeps an `object_shape`.
void append_object(std::string& out, field_span fields, item_view from, access mask, const presentation& how = {});

/// Appends the JSON object of a card. Who shows many keeps a `card_shape`.
void append_card_object(std::string& out, field_span fields, std::string_view card, access mask = on_card);

}  // namespace spaces::record
