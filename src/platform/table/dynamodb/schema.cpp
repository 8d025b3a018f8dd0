#include "platform/table/dynamodb/schema.hpp"

#include "platform/record/json.hpp"

#include <algorithm>

namespace spaces::table::dynamodb {

namespace {

using record::append_json_string;
using record::json_value;

void append_definition(std::string& out, std::string_view attribute) {
  if (out.back() == '}') out += ',';
  out += R"({"AttributeName":)";
  append_json_string(out, attribute);
  out += R"(,"AttributeType":"S"})";
}

void append_key_schema(std::string& out, std::string_view partition, std::string_view sort) {
  out += R"("KeySchema":[{"AttributeName":)";
  append_json_string(out, partition);
  out += R"(,"KeyType":"HASH"},{"AttributeName":)";
  append_json_string(out, sort);
  out += R"(,"KeyType":"RANGE"}])";
}

void append_throughput(std::string& out, const std::optional<throughput>& provisioned) {
  if (!provisioned) return;
  out += R"(,"ProvisionedThroughput":{"ReadCapacityUnits":)" + std::to_string(provisioned->read_units) +
         R"(,"WriteCapacityUnits":)" + std::to_string(provisioned->write_units) + '}';
}

void append_index(std::string& out, const index_shape& shape, const std::optional<throughput>& provisioned) {
  if (out.back() == '}') out += ',';
  out += R"({"IndexName":)";
  append_json_string(out, shape.name);
  out += ',';
  append_key_schema(out, shape.partition, shape.sort);
  out += R"(,"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":[)";
  for (const std::string_view attribute : projected_attributes) {
    if (out.back() != '[') out += ',';
    append_json_string(out, attribute);
  }
  out += "]}";
  append_throughput(out, provisioned);
  out += '}';
}

/// The text of a member; empty when there is none.
std::string_view text_of(const json_value& object, std::string_view member) {
  const json_value* found = object.find(member);
  return found ? std::string_view(found->text) : std::string_view();
}

/// The element of an array member whose own `member` is `text`.
const json_value* element_of(const json_value& object, std::string_view array, std::string_view member,
                             std::string_view text) {
  const json_value* all = object.find(array);
  if (!all) return nullptr;
  const auto at = std::ranges::find_if(all->elements, [&](const json_value& e) { return text_of(e, member) == text; });
  return at == all->elements.end() ? nullptr : &*at;
}

bool has_key(const json_value& schema_holder, std::string_view partition, std::string_view sort) {
  const json_value* hash = element_of(schema_holder, "KeySchema", "KeyType", "HASH");
  const json_value* range = element_of(schema_holder, "KeySchema", "KeyType", "RANGE");
  return hash && range && text_of(*hash, "AttributeName") == partition && text_of(*range, "AttributeName") == sort;
}

std::string key_text(std::string_view partition, std::string_view sort) {
  return std::string(partition) + " (partition) and " + std::string(sort) + " (sort)";
}

bool carries(const json_value& index, std::string_view attribute) {
  const json_value* projection = index.find("Projection");
  if (!projection) return false;
  if (text_of(*projection, "ProjectionType") == "ALL") return true;
  const json_value* names = projection->find("NonKeyAttributes");
  return names && std::ranges::any_of(names->elements, [&](const json_value& e) { return e.text == attribute; });
}

void find_index_flaws(const json_value& table, const index_shape& shape, std::vector<std::string>& flaws) {
  const json_value* index = element_of(table, "GlobalSecondaryIndexes", "IndexName", shape.name);
  const std::string called = "The index " + std::string(shape.name);
  if (!index) {
    flaws.push_back(called + " is missing");
    return;
  }
  if (!has_key(*index, shape.partition, shape.sort))
    flaws.push_back(called + " must have the key " + key_text(shape.partition, shape.sort));
  for (const std::string_view attribute : projected_attributes)
    if (!carries(*index, attribute)) flaws.push_back(called + " does not carry " + std::string(attribute));
  const std::string_view status = text_of(*index, "IndexStatus");
  if (!status.empty() && status != "ACTIVE" && status != "UPDATING")
    flaws.push_back(called + " is not ready: its status is " + std::string(status));
}

/// Keys' attributes that are no texts.
void find_type_flaws(const json_value& table, std::vector<std::string>& flaws) {
  const json_value* definitions = table.find("AttributeDefinitions");
  if (!definitions) return;
  for (const json_value& one : definitions->elements) {
    const std::string_view attribute = text_of(one, "AttributeName");
    const bool ours = attribute == name::pk || attribute == name::sk ||
                      std::ranges::find(name::index_pk, attribute) != std::end(name::index_pk) ||
                      std::ranges::find(name::index_sk, attribute) != std::end(name::index_sk);
    if (ours && text_of(one, "AttributeType") != "S") flaws.push_back(std::string(attribute) + " must be a text (S)");
  }
}

}  // namespace

void append_shape(std::string& out, const std::optional<throughput>& provisioned) {
  out += R"("AttributeDefinitions":[)";
  append_definition(out, name::pk);
  append_definition(out, name::sk);
  for (const index_shape& shape : index_shapes) {
    append_definition(out, shape.partition);
    append_definition(out, shape.sort);
  }
  out += "],";
  append_key_schema(out, name::pk, name::sk);
  out += R"(,"GlobalSecondaryIndexes":[)";
  for (const index_shape& shape : index_shapes) append_index(out, shape, provisioned);
  out += R"(],"BillingMode":)";
  out += provisioned ? R"("PROVISIONED")" : R"("PAY_PER_REQUEST")";
  append_throughput(out, provisioned);
}

std::vector<std::string> flaws_of(const record::json_value& table) {
  std::vector<std::string> flaws;
  if (!has_key(table, name::pk, name::sk))
    flaws.push_back("The table must have the key " + key_text(name::pk, name::sk));
  for (const index_shape& shape : index_shapes) find_index_flaws(table, shape, flaws);
  find_type_flaws(table, flaws);
  return flaws;
}

std::optional<description> read_description(std::string_view answer) {
  const auto parsed = record::parse_json(answer);
  const json_value* table = parsed ? parsed->find("Table") : nullptr;
  if (!table) return std::nullopt;
  return description{std::string(text_of(*table, "TableStatus")), flaws_of(*table)};
}

}  // namespace spaces::table::dynamodb
