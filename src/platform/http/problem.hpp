/// Errors as clients see them: application/problem+json (RFC 9457). The one place where kinds of
/// failure become statuses.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/http/message.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::http {

using spaces::problem_type;

/// A type that clients can meet, with its status.
struct served_problem {
  std::string_view slug;
  int status;
  std::string_view title;
};

/// Those of any service, in the order of their statuses.
std::span<const served_problem> common_problems();

/// The same with those of features among them. `internal` when two have one slug: a client could not tell them
/// apart, so the service must not start.
result<std::vector<served_problem>> served_problems(std::span<const problem_type> of_features);

/// Types are URNs of this prefix and a slug: "urn:lifestyle-spaces:problem:not-found".
inline constexpr std::string_view problem_urn = "urn:lifestyle-spaces:problem:";

int status_of(error_kind kind);

/// The JSON of a problem; `problems` are the broken rules, if any.
std::string problem_body(const served_problem& type, std::string_view detail, const uuid& instance,
                         std::span<const problem> problems);

/// The answer for a failure; `instance` is the request's id, which the log has too.
response to_response(const error& failure, const uuid& instance);

/// The answer for what has a status but no failure of the service behind it: framing, routing.
response to_response(int status, std::string_view detail, const uuid& instance);

}  // namespace spaces::http
