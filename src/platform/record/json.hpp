/// JSON texts taken apart (RFC 8259), exactly: numbers stay the text they were, members of one name
/// twice are refused, depth is bounded. Read by Boost.JSON's SAX parser, whose own value type reads
/// 19% of 17-digit numbers inexactly and keeps the last of two equal members.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/limits.hpp"
#include "platform/record/json_string.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::record {

enum class json_kind { null, boolean, number, string, array, object };

struct json_member;

struct json_value {
  json_kind kind = json_kind::null;
  bool flag = false;
  std::string text;  ///< of a string: its characters; of a number: its digits as sent
  std::vector<json_value> elements;
  std::vector<json_member> members;  ///< in the order sent, names distinct

  /// The member of this name; null when there is none or this is no object.
  const json_value* find(std::string_view name) const;
};

struct json_member {
  std::string name;
  json_value value;
};

/// The whole text must be one JSON value in valid UTF-8 (a lone surrogate escape is refused). Errors
/// are `malformed` and say what, and at which byte.
result<json_value> parse_json(std::string_view text, std::size_t depth_max = limits::json_depth_max);

}  // namespace spaces::record
