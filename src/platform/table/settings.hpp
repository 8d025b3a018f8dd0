/// Where everything is kept.
#pragma once

#include "platform/base/setting.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace spaces::table {

enum class engine_kind { lmdb, dynamodb };

struct settings {
  std::string data = "spaces-data";  ///< a folder; what is not in DynamoDB is there
  engine_kind kind = engine_kind::lmdb;
  std::string dynamodb_table;
};

/// A table's name, or its ARN: what CreateTable takes. DynamoDB knows the rest of its rules.
inline bool read_dynamodb_table(settings& into, std::string_view text) {
  into.dynamodb_table = text;
  const auto may_stand = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_.-:/").find(c) != std::string_view::npos;
  };
  return text.size() >= 3 && text.size() <= 1024 && std::all_of(text.begin(), text.end(), may_stand);
}

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_DATA", "--data", "spaces-data", "a folder on a local disk",
     "Where everything is kept that is not in DynamoDB", false,
     [](settings& into, std::string_view text) { return setting_value::read_text(into.data, text); }},
    {"SPACES_TABLE", "--table", "lmdb", "lmdb, dynamodb",
     "The table: lmdb is the embedded store in the data folder, dynamodb is DYNAMODB_TABLE", false,
     [](settings& into, std::string_view text) {
       return setting_value::read_choice(into.kind, text, {"lmdb", "dynamodb"});
     }},
    {"DYNAMODB_TABLE", "--dynamodb-table", "", "a table's name or ARN",
     "With --table dynamodb: the table; endpoint, region and credentials as AWS's tools find them", false,
     read_dynamodb_table},
};

}  // namespace spaces::table
