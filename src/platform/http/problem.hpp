/// Errors as clients see them: application/problem+json (RFC 9457). The one place where kinds of
/// failure become statuses.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/http/message.hpp"

#include <span>
#include <string_view>

namespace spaces::http {

/// A problem type clients can rely on: its slug, status and title. docs/ERRORS.md lists them.
struct problem_type {
  std::string_view slug;
  int status;
  std::string_view title;
};

/// All of them, for the OpenAPI document.
std::span<const problem_type> problem_types();

/// Types are URNs of this prefix and a slug: "urn:lifestyle-spaces:problem:not-found".
inline constexpr std::string_view problem_urn = "urn:lifestyle-spaces:problem:";

int status_of(error_kind kind);

/// The answer for a failure; `instance` is the request's id, which the log has too.
response to_response(const error& failure, const uuid& instance);

/// The answer for what has a status but no failure of the marketplace behind it: framing, routing.
response to_response(int status, std::string_view detail, const uuid& instance);

}  // namespace spaces::http
