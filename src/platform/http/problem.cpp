#include "platform/http/problem.hpp"

#include "platform/record/json.hpp"

#include <algorithm>
#include <string>

namespace spaces::http {

namespace {

constexpr served_problem types[] = {
    {"malformed", 400, "The request cannot be read"},
    {"unauthenticated", 401, "Authentication is required"},
    {invalid_token.slug, 401, invalid_token.title},
    {"forbidden", 403, "Not allowed"},
    {email_unverified.slug, 403, email_unverified.title},
    {"not-found", 404, "Not found"},
    {"method-not-allowed", 405, "Method not allowed"},
    {"not-acceptable", 406, "No acceptable representation"},
    {"timeout", 408, "The request took too long to arrive"},
    {"conflict", 409, "Conflict with the current state"},
    {"length-required", 411, "The length of the body must be announced"},
    {"precondition-failed", 412, "Changed in the meantime"},
    {"too-large", 413, "The request is too large"},
    {"target-too-long", 414, "The request target is too long"},
    {"unsupported-media-type", 415, "Unsupported media type"},
    {"range-not-satisfiable", 416, "The range lies behind the end"},
    {"expectation-failed", 417, "This expectation cannot be met"},
    {"invalid", 422, "A rule is broken"},
    {"limited", 429, "Too many requests"},
    {"fields-too-large", 431, "The header fields are too large"},
    {"internal", 500, "Something went wrong on our side"},
    {"not-implemented", 501, "This is not implemented"},
    {"unavailable", 503, "The service cannot answer now"},
    {"version-not-supported", 505, "This HTTP version is not supported"},
    {"storage-full", 507, "The storage is full"},
};

const served_problem& type_of(int status) {
  const auto at =
      std::find_if(std::begin(types), std::end(types), [&](const served_problem& t) { return t.status == status; });
  if (at != std::end(types)) return *at;
  return type_of(500);
}

served_problem served(const problem_type& type) { return {type.slug, status_of(type.kind), type.title}; }

served_problem type_of(const error& failure) {
  return failure.type != nullptr ? served(*failure.type) : type_of(status_of(failure.kind));
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  record::append_json_string(out, text);
}

response answer(const served_problem& type, std::string body) {
  response made;
  made.status = type.status;
  made.set("Content-Type", "application/problem+json");
  made.set("Cache-Control", "no-store");
  made.body = std::move(body);
  return made;
}

}  // namespace

std::span<const served_problem> common_problems() { return types; }

result<std::vector<served_problem>> served_problems(std::span<const problem_type> of_features) {
  std::vector<served_problem> all(std::begin(types), std::end(types));
  for (const problem_type& type : of_features) {
    const served_problem added = served(type);
    if (std::any_of(all.begin(), all.end(), [&](const served_problem& t) { return t.slug == added.slug; }))
      return internal("two problem types are called " + std::string(added.slug));
    const auto behind = std::find_if(all.begin(), all.end(), [&](const auto& t) { return t.status > added.status; });
    all.insert(behind, added);
  }
  return all;
}

std::string problem_body(const served_problem& type, std::string_view detail, const uuid& instance,
                         std::span<const problem> problems) {
  std::string out = "{\"type\":";
  record::append_json_string(out, std::string(problem_urn) += type.slug);
  append_member(out, "title", type.title);
  out += ",\"status\":" + std::to_string(type.status);
  append_member(out, "detail", detail);
  append_member(out, "instance", "urn:uuid:" + to_text(instance));
  if (!problems.empty()) {
    out += ",\"errors\":[";
    for (const problem& p : problems) {
      if (out.back() == '}') out += ',';
      out += "{\"pointer\":";
      record::append_json_string(out, p.pointer);
      append_member(out, "code", p.code);
      append_member(out, "detail", p.detail);
      out += '}';
    }
    out += ']';
  }
  out += '}';
  return out;
}

int status_of(error_kind kind) {
  switch (kind) {
    case error_kind::malformed: return 400;
    case error_kind::unauthenticated: return 401;
    case error_kind::forbidden: return 403;
    case error_kind::not_found: return 404;
    case error_kind::conflict: return 409;
    case error_kind::precondition_failed: return 412;
    case error_kind::too_large: return 413;
    case error_kind::invalid: return 422;
    case error_kind::limited: return 429;
    case error_kind::unavailable: return 503;
    case error_kind::storage_full: return 507;
    case error_kind::internal: return 500;
  }
  return 500;
}

response to_response(const error& failure, const uuid& instance) {
  const served_problem type = type_of(failure);
  response made = answer(type, problem_body(type, failure.public_text, instance, failure.problems));
  // RFC 6750, section 3: a token that was given and refused is named so.
  if (made.status == 401)
    made.set("WWW-Authenticate", failure.type == &invalid_token ? "Bearer realm=\"spaces\", error=\"invalid_token\""
                                                                : "Bearer realm=\"spaces\"");
  if (failure.rate && failure.retry_after) {
    // draft-ietf-httpapi-ratelimit-headers-10: what is allowed, and what is left of it until when.
    const std::string name = '"' + std::string(failure.rate->name) + '"';
    made.set("RateLimit-Policy",
             name + ";q=" + std::to_string(failure.rate->quota) + ";w=" + std::to_string(failure.rate->window.count()));
    made.set("RateLimit", name + ";r=0;t=" + std::to_string(failure.retry_after->count()));
  }
  if (failure.retry_after)
    made.set("Retry-After", std::to_string(failure.retry_after->count()));
  else if (made.status == 503)
    made.set("Retry-After", "1");
  return made;
}

response to_response(int status, std::string_view detail, const uuid& instance) {
  const served_problem& type = type_of(status);
  response made = answer(type, problem_body(type, detail, instance, {}));
  if (status == 503) made.set("Retry-After", "1");
  return made;
}

}  // namespace spaces::http
