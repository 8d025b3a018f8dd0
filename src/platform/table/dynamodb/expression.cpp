#include "platform/table/dynamodb/expression.hpp"

#include "platform/record/json.hpp"
#include "platform/table/dynamodb/attributes.hpp"

#include <algorithm>
#include <variant>

namespace spaces::table::dynamodb {

namespace {

record::value value_of(const std::variant<decimal, std::string, bool>& wanted) {
  if (const auto* number = std::get_if<decimal>(&wanted)) return record::value::of(*number);
  if (const auto* flag = std::get_if<bool>(&wanted)) return record::value::of(*flag);
  return record::value::of(std::string_view(std::get<std::string>(wanted)));
}

}  // namespace

std::string aliases::of_name(std::string_view attribute) {
  const auto at = std::ranges::find(names_, attribute);
  const auto number = static_cast<std::size_t>(at - names_.begin());
  if (at == names_.end()) names_.push_back(attribute);
  return '#' + std::to_string(number);
}

std::string aliases::next_value() {
  if (!values_.empty()) values_ += ',';
  const std::string alias = ':' + std::to_string(value_count_++);
  values_ += '"' + alias + "\":";
  return alias;
}

std::string aliases::of_value(const record::value& value) {
  std::string alias = next_value();
  append_value(values_, value);
  return alias;
}

std::string aliases::of_number(std::string_view digits) {
  std::string alias = next_value();
  values_.append(R"({"N":")").append(digits).append("\"}");
  return alias;
}

void aliases::append_members(std::string& out) const {
  if (!names_.empty()) {
    out += R"(,"ExpressionAttributeNames":{)";
    for (std::size_t i = 0; i < names_.size(); ++i) {
      out += (i == 0 ? "\"#" : ",\"#") + std::to_string(i) + "\":";
      record::append_json_string(out, names_[i]);
    }
    out += '}';
  }
  if (!values_.empty()) out.append(R"(,"ExpressionAttributeValues":{)").append(values_) += '}';
}

void condition_expression::both(std::string_view more) {
  if (!text_.empty()) text_ += " AND ";
  text_ += more;
}

std::string condition_expression::now() {
  if (now_.empty()) now_ = known_.of_number(std::to_string(now_seconds_));
  return now_;
}

// A comparison with an attribute that is missing, or no number, is false.
std::string condition_expression::live() {
  const std::string ttl = known_.of_name(name::ttl);
  return "attribute_exists(" + known_.of_name(name::pk) + ") AND (attribute_not_exists(" + ttl + ") OR " + ttl + " > " +
         now() + ')';
}

std::string condition_expression::dead() {
  return "(attribute_not_exists(" + known_.of_name(name::pk) + ") OR " + known_.of_name(name::ttl) + " <= " + now() +
         ')';
}

void condition_expression::require_live() {
  if (live_stands_) return;
  live_stands_ = true;
  both(live());
}

void condition_expression::require(const std::vector<condition>& all) {
  for (const condition& one : all) require(one);
}

void condition_expression::require(const condition& one) {
  if (std::holds_alternative<absent>(one)) return require_dead();
  if (std::holds_alternative<exists>(one)) return require_live();
  if (const auto* wanted = std::get_if<equals>(&one)) {
    require_live();
    both(known_.of_name(wanted->attribute) + " = " + known_.of_value(value_of(wanted->value)));
    return;
  }
  const auto& bound = std::get<below>(one);
  const std::string attribute = known_.of_name(bound.attribute);
  const std::string is_below = attribute + " < " + known_.of_value(record::value::of(bound.bound));
  if (decimal{} < bound.bound)  // what is missing counts as 0
    return both('(' + dead() + " OR attribute_not_exists(" + attribute + ") OR " + is_below + ')');
  require_live();
  both(is_below);
}

void condition_expression::require_fresh_or(record::item_view whole) {
  std::string complete = live();
  for (const record::attribute& each : whole)
    if (each.name != name::write_id) complete += " AND attribute_exists(" + known_.of_name(each.name) + ')';
  both("(attribute_not_exists(" + known_.of_name(name::pk) + ") OR (" + complete + "))");
}

void condition_expression::require_number_within(std::string_view attribute, std::string_view low,
                                                 std::string_view high) {
  const std::string alias = known_.of_name(attribute);
  both("(attribute_not_exists(" + alias + ") OR " + alias + " BETWEEN " + known_.of_number(low) + " AND " +
       known_.of_number(high) + ')');
}

}  // namespace spaces::table::dynamodb
