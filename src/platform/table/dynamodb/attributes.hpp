/// Items as DynamoDB's JSON has them: {"Title":{"S":"…"},"price":{"N":"449000.5"},…}, exactly: numbers pass
/// as digits, bytes as base64, a list of texts as L of S, which keeps order, empty texts and what comes twice.
#pragma once

#include "platform/record/json_reader.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::table::dynamodb {

/// {"S":"…"}.
void append_value(std::string& out, const record::value& value);
/// "name":{"S":"…"}, with a comma in front where another member stands before it.
void append_attribute(std::string& out, std::string_view name, const record::value& value);
/// "PK":{"S":"…"},"SK":{"S":"…"}, without braces.
void append_key(std::string& out, key_view key);

/// The item and its key as members, without braces; with `write_id` in place of any in it.
void append_item(std::string& out, key_view key, record::item_view item, std::string_view write_id);

/// A row of an index or a whole item, read from an answer.
struct read_attributes {
  table::key key;
  record::item item;  ///< without the key
};

/// Reads one object of attributes. A kind that this program never writes (a set, a map, a number of more
/// than 18 digits) fails the reader: to leave it out would lose it at the item's next rewrite.
read_attributes read_item(record::json_reader& in);

/// Reads one {"S":"…"} or {"N":"…"} or {"B":"…"}; the characters live as long as `room` and the text.
/// Fails the reader where it is another kind than `kind`.
std::string_view read_scalar(record::json_reader& in, char kind, std::string& room);

}  // namespace spaces::table::dynamodb
