/// One request of an operator's command about a table, and its answer as JSON.
#pragma once

#include "platform/aws/service.hpp"
#include "platform/base/error.hpp"
#include "platform/record/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::table::dynamodb {

/// {"TableName":…}
std::string naming(std::string_view table);

/// What became of it: `answer` is empty when the table is not there, or the endpoint does not know the operation.
struct operator_answer {
  std::optional<record::json_value> answer;
  bool missing = false;
  bool unknown = false;
  bool in_use = false;  ///< the table is there already, or is being changed
  bool later = false;   ///< the vendor asks to come again
};

/// An error's public text is a sentence with the vendor's own words: its reader is the operator.
result<operator_answer> call(aws::service& service, std::string_view operation, const std::string& body);

/// A member's text, down a path of members; empty where one is missing.
std::string_view text_at(const record::json_value& from, std::initializer_list<std::string_view> path);
const record::json_value* value_at(const record::json_value& from, std::initializer_list<std::string_view> path);
std::uint64_t number_at(const record::json_value& from, std::initializer_list<std::string_view> path);

}  // namespace spaces::table::dynamodb
