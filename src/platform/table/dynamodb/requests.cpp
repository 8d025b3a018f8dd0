#include "platform/table/dynamodb/requests.hpp"

#include "platform/record/json.hpp"
#include "platform/table/dynamodb/attributes.hpp"
#include "platform/table/dynamodb/expression.hpp"
#include "platform/table/dynamodb/schema.hpp"

namespace spaces::table::dynamodb {

namespace {

using record::append_json_string;
using record::value;

/// Room for what stands around an item in a request; more than that only costs a second allocation.
constexpr std::size_t frame_bytes = 512;

constexpr std::string_view with_capacity = R"(,"ReturnConsumedCapacity":"TOTAL")";

void append_table(std::string& out, std::string_view table) {
  out += R"("TableName":)";
  append_json_string(out, table);
}

void append_key_member(std::string& out, key_view key) {
  out += R"(,"Key":{)";
  append_key(out, key);
  out += '}';
}

void append_text_member(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  append_json_string(out, text);
}

/// The condition and what its aliases stand for.
void append_condition(std::string& out, const condition_expression& condition, const aliases& known) {
  if (!condition.text().empty()) {
    append_text_member(out, "ConditionExpression", condition.text());
    out += R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")";
  }
  known.append_members(out);
}

void append_put(std::string& out, key_view key, record::item_view item, const write_frame& frame) {
  out += R"(,"Item":{)";
  append_item(out, key, item, frame.write_id);
  out += '}';
}

/// 10^18 - 1, the largest number of 18 digits: what a sum may be, and so what may be there before.
std::string bound_before(std::int64_t amount, bool low) {
  __extension__ using wide = __int128;
  wide bound = low ? -(wide{1'000'000'000'000'000'000} - 1) - amount : wide{1'000'000'000'000'000'000} - 1 - amount;
  std::string digits;
  const bool negative = bound < 0;
  for (bound = negative ? -bound : bound; bound > 0; bound /= 10)
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(bound % 10)));
  if (digits.empty()) return "0";
  return (negative ? "-" : "") + digits;
}

std::string update_text(const add& what, bool whole, const write_frame& frame, aliases& known) {
  const std::string sum = known.of_name(what.attribute);
  std::string text = "SET " + sum + " = if_not_exists(" + sum + ", " + known.of_number("0") + ") + " +
                     known.of_number(std::to_string(what.amount)) + ", " + known.of_name(name::write_id) + " = " +
                     known.of_value(value::of(frame.write_id));
  if (!whole) return text;
  for (const record::attribute& each : what.otherwise.view()) {
    if (each.name == name::write_id) continue;
    const std::string alias = known.of_name(each.name);
    text.append(", ").append(alias).append(" = if_not_exists(").append(alias).append(", ");
    text.append(known.of_value(each.value)).append(")");
  }
  return text;
}

void append_add(std::string& out, const add& what, add_shape shape, const write_frame& frame) {
  aliases known;
  condition_expression condition(known, frame.now_seconds);
  if (shape == add_shape::anew) {
    record::item made = what.otherwise;
    made.set(what.attribute, value::of(make_decimal(what.amount, 0)));
    append_put(out, what.key, made.view(), frame);
    condition.require_dead();
  } else {
    append_key_member(out, what.key);
    append_text_member(out, "UpdateExpression", update_text(what, shape == add_shape::either, frame, known));
    if (shape == add_shape::either)
      condition.require_fresh_or(what.otherwise.view());
    else
      condition.require_live();
    condition.require_number_within(what.attribute, bound_before(what.amount, true), bound_before(what.amount, false));
  }
  condition.require(what.conditions);
  append_condition(out, condition, known);
}

/// The members of one operation, without braces, as a request of its own and a transaction have them alike.
void append_operation(std::string& out, const operation& one, add_shape shape, const write_frame& frame) {
  append_table(out, frame.table);
  if (const auto* what = std::get_if<add>(&one)) return append_add(out, *what, shape, frame);
  aliases known;
  condition_expression condition(known, frame.now_seconds);
  std::visit(
      [&](const auto& what) {
        condition.require(what.conditions);
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(what)>, put>)
          append_put(out, what.key, what.item.view(), frame);
        else
          append_key_member(out, what.key);
      },
      one);
  append_condition(out, condition, known);
}

/// Of an item's JSON: kinds and quotes make it a quarter longer than its encoding, as measured on listings.
std::size_t room_for(const operation& one) {
  if (const auto* what = std::get_if<put>(&one)) return what->item.view().bytes().size() * 5 / 4;
  if (const auto* what = std::get_if<add>(&one)) return what->otherwise.view().bytes().size() * 5 / 4;
  return 0;
}

}  // namespace

std::string_view name_of(const operation& one, add_shape shape) {
  if (std::holds_alternative<put>(one)) return "PutItem";
  if (std::holds_alternative<remove>(one)) return "DeleteItem";
  if (std::holds_alternative<add>(one)) return shape == add_shape::anew ? "PutItem" : "UpdateItem";
  return "ConditionCheck";
}

std::string write_body(const operation& one, add_shape shape, const write_frame& frame) {
  std::string body;
  body.reserve(frame_bytes + room_for(one));
  body += '{';
  append_operation(body, one, shape, frame);
  return body.append(with_capacity) += '}';
}

std::string transaction_body(const std::vector<operation>& operations, std::span<const add_shape> shapes,
                             const write_frame& frame, std::string_view token) {
  std::size_t bytes = frame_bytes;
  for (const operation& one : operations) bytes += frame_bytes + room_for(one);
  std::string body;
  body.reserve(bytes);
  body += R"({"TransactItems":[)";
  for (std::size_t i = 0; i < operations.size(); ++i) {
    std::string_view called = name_of(operations[i], shapes[i]);
    if (called.ends_with("Item")) called.remove_suffix(4);
    body.append(i == 0 ? "{\"" : ",{\"").append(called).append("\":{");
    append_operation(body, operations[i], shapes[i], frame);
    body += "}}";
  }
  body += ']';
  append_text_member(body, "ClientRequestToken", token);
  return body.append(with_capacity) += '}';
}

std::string get_body(std::string_view table, key_view key, consistency wanted) {
  std::string body;
  body.reserve(frame_bytes);
  body += '{';
  append_table(body, table);
  append_key_member(body, key);
  if (wanted == consistency::strong) body += R"(,"ConsistentRead":true)";
  return body.append(with_capacity) += '}';
}

std::string batch_items(std::string_view table, const std::vector<key>& keys, consistency wanted) {
  std::string items = "{";
  append_json_string(items, table);
  items += R"(:{"Keys":[)";
  for (const key& each : keys) {
    items += items.back() == '}' ? ",{" : "{";
    append_key(items, each);
    items += '}';
  }
  items += ']';
  if (wanted == consistency::strong) items += R"(,"ConsistentRead":true)";
  return items += "}}";
}

std::string batch_body(std::string_view items) {
  return R"({"RequestItems":)" + std::string(items) + std::string(with_capacity) + '}';
}

query_body::query_body(std::string_view table, const query& what) {
  const index_shape& shape = shape_of(what.index);
  aliases known;
  std::string condition = known.of_name(shape.partition) + " = " + known.of_value(value::of(what.partition));
  const auto bound = [&](const std::optional<std::string>& text) { return known.of_value(value::of(*text)); };
  const bool from = what.from && !what.from->empty();  // an empty one lies before every sort key
  if (from || what.to) condition += " AND " + known.of_name(shape.sort);
  if (from && what.to)
    condition += " BETWEEN " + bound(what.from) + " AND " + bound(what.to);
  else if (from)
    condition += " >= " + bound(what.from);
  else if (what.to)
    condition += " <= " + bound(what.to);
  body_ = "{";
  append_table(body_, table);
  append_text_member(body_, "IndexName", shape.name);
  append_text_member(body_, "KeyConditionExpression", condition);
  known.append_members(body_);
  if (what.direction == direction::backward) body_ += R"(,"ScanIndexForward":false)";
  body_ += with_capacity;
}

query_body::query_body(std::string_view table, const partition_query& what) {
  aliases known;
  std::string condition = known.of_name(name::pk) + " = " + known.of_value(value::of(what.partition));
  if (what.to) condition += " AND " + known.of_name(name::sk) + " <= " + known.of_value(value::of(*what.to));
  body_ = "{";
  append_table(body_, table);
  append_text_member(body_, "KeyConditionExpression", condition);
  known.append_members(body_);
  body_ += with_capacity;
}

std::string query_body::page(std::string_view start, std::size_t rows_max) const {
  std::string body = body_ + R"(,"Limit":)" + std::to_string(rows_max);
  if (!start.empty()) body.append(R"(,"ExclusiveStartKey":)").append(start);
  return body += '}';
}

std::string start_of(const query& what) {
  const index_shape& shape = shape_of(what.index);
  std::string start = "{";
  append_attribute(start, shape.partition, value::of(what.partition));
  append_attribute(start, shape.sort, value::of(what.after->sort_key));
  append_key(start, what.after->key);
  return start += '}';
}

std::string scan_body(std::string_view table, std::string_view start) {
  std::string body = "{";
  append_table(body, table);
  if (!start.empty()) body.append(R"(,"ExclusiveStartKey":)").append(start);
  return body.append(R"(,"ConsistentRead":true)").append(with_capacity) += '}';
}

std::string start_of(key_view key) {
  std::string start = "{";
  append_key(start, key);
  return start += '}';
}

std::string describe_body(std::string_view table) {
  std::string body = "{";
  append_table(body, table);
  return body += '}';
}

}  // namespace spaces::table::dynamodb
