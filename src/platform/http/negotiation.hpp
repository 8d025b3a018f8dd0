/// What a client's fields ask of an answer, and which media types we read (RFC 9110, sections 8, 12, 13).
#pragma once

#include "platform/base/expected_version.hpp"
#include "platform/http/message.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::http {

/// The fields that every request may steer its answer by, found in one pass. Lists that come on several
/// lines are joined (RFC 9110, 5.3); the usual request allocates nothing here.
struct known_fields {
  std::string_view accept;
  std::string_view accept_encoding;
  std::string_view authorization;
  std::string_view content_encoding;
  std::string_view content_type;
  std::string_view if_match;
  std::string_view if_none_match;
  std::string_view idempotency_key;
  bool has_if_match = false;
  bool has_idempotency_key = false;
  bool repeated = false;                                   ///< one that must be single came twice
  std::vector<std::shared_ptr<const std::string>> joined;  ///< what joined lists are views of
};
known_fields find_known_fields(const request& incoming);

/// True when `media_type` ("application/json") may be sent; an absent field accepts all.
bool accepts(std::string_view accept, std::string_view media_type);

/// True when gzip is wanted: named, or by *, with a weight above 0.
bool accepts_gzip(std::string_view accept_encoding);

/// True for application/json and any +json, with no charset except UTF-8; not for a JSON Patch (RFC 6902), which is a
/// list of things to do and not the thing.
bool is_json(std::string_view content_type);

/// True for application/json and application/merge-patch+json, with no charset except UTF-8.
bool is_merge_patch(std::string_view content_type);

/// True for a Content-Encoding that changes nothing: none, or identity.
bool is_identity(std::string_view content_encoding);

/// True for application/x-www-form-urlencoded.
bool is_form(std::string_view content_type);

/// The token of "Bearer …", the scheme in any case; empty for another scheme or form.
std::optional<std::string_view> bearer_token(std::string_view authorization);

/// True when an If-None-Match list holds the entity tag (weak comparison, with or without "-gzip").
bool matches_any(std::string_view if_none_match, std::string_view etag);

/// The versions of an If-Match list of our entity tags ("v7"); tags that are not ours match nothing.
expected_version expected_versions(std::string_view if_match);

}  // namespace spaces::http
