/// What the documentation says of a route: parameters, bodies, answers. The OpenAPI document is made of it.
#pragma once

#include "platform/record/field.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace spaces::http {

/// A named JSON object in the documentation: the fields of a table that a mask shows.
struct schema {
  std::string_view name;
  record::field_span fields;
  record::access mask{};
  bool partial = false;  ///< nothing is required
};

struct answer_doc {
  int status = 200;
  std::string_view doc;
  std::optional<schema> body;
  bool page = false;  ///< {items: [body], nextCursor}
  std::vector<std::string_view> headers;
  std::string_view media_type = "application/json";
  std::string_view example{};  ///< a JSON text, for answers without a schema
};

/// What the documentation says of a row; filled by the parameters and answers of its handler.
struct operation_doc {
  std::string_view id;
  std::string_view tag;
  std::string_view summary;
  std::string_view text;
  std::string_view path_segment;  ///< what the open segment is, where it is no id
  std::optional<schema> query;
  std::optional<schema> body;
  std::optional<schema> form;  ///< the body may also be a form, of these members
  bool takes_file = false;     ///< the body is a file, of whatever type
  std::vector<answer_doc> answers;
  std::vector<int> problems;  ///< statuses of problem+json answers, besides those of every row
  bool idempotent_by_key = false;
  bool conditional = false;  ///< takes If-Match
};

}  // namespace spaces::http
