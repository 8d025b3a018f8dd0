/// The one place where DynamoDB's expressions are built: conditions of writes, updates, keys of queries.
/// Every name and value stands in one by an alias, so that reserved words and odd names are nothing special.
///
/// Expiry is part of every condition, by our clock: DynamoDB removes what has expired within days, and
/// until then such an item must count as absent.
#pragma once

#include "platform/table/table.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table::dynamodb {

/// Names and values of one request's expressions.
class aliases {
 public:
  /// The alias of an attribute: "#3". The name must outlive this.
  std::string of_name(std::string_view attribute);
  /// The alias of a value: ":5".
  std::string of_value(const record::value& value);
  /// The same of a number that need not fit a decimal.
  std::string of_number(std::string_view digits);

  /// ,"ExpressionAttributeNames":{…},"ExpressionAttributeValues":{…}, each where there are some.
  void append_members(std::string& out) const;

 private:
  std::string next_value();

  std::vector<std::string_view> names_;
  std::string values_;
  std::size_t value_count_ = 0;
};

/// Builds the conditions of one operation.
class condition_expression {
 public:
  condition_expression(aliases& known, std::int64_t now_seconds) : known_(known), now_seconds_(now_seconds) {}

  void require(const std::vector<condition>& all);
  void require(const condition& one);
  /// There, and not expired.
  void require_live();
  /// Not there, or expired.
  void require_dead() { both(dead()); }
  /// Not there at all, or live with all attributes of `whole`: what an `add` may change at one stroke.
  void require_fresh_or(record::item_view whole);
  /// The attribute is missing, or a number from `low` to `high`.
  void require_number_within(std::string_view attribute, std::string_view low, std::string_view high);

  const std::string& text() const { return text_; }

 private:
  void both(std::string_view more);
  std::string now();
  std::string live();
  std::string dead();

  aliases& known_;
  std::int64_t now_seconds_;
  std::string now_;
  std::string text_;
  bool live_stands_ = false;
};

}  // namespace spaces::table::dynamodb
