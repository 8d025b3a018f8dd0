/// The OpenAPI 3.1 document, made of the route table: what is documented is what is served.
#pragma once

#include "platform/http/problem.hpp"
#include "platform/http/route.hpp"

#include <span>
#include <string>
#include <string_view>

namespace spaces::http {

struct api_information {
  std::string_view title;
  std::string_view version;
  std::string_view text;
  std::span<const served_problem> problems;
};

/// The document as JSON, two spaces deep, the same for the same rows.
std::string openapi_document(std::span<const route> rows, const api_information& about);

}  // namespace spaces::http
