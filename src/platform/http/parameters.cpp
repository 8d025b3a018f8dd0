#include "platform/http/parameters.hpp"

#include <algorithm>

namespace spaces::http {

namespace {

result<uuid> id_in(std::string_view segment) {
  const auto id = parse_uuid(segment);
  if (!id) return not_found("resource: ids are UUIDs");
  return *id;
}

}  // namespace

result<path_id> path_id::from(const request_context& context) {
  const auto id = id_in(context.path_parameter);
  if (!id) return id.error();
  return path_id{*id};
}

void path_id::describe(operation_doc& doc) { doc.problems.push_back(404); }

result<second_id> second_id::from(const request_context& context) {
  const auto id = id_in(context.second_parameter);
  if (!id) return id.error();
  return second_id{*id};
}

void second_id::describe(operation_doc& doc) { doc.problems.push_back(404); }

result<if_match> if_match::from(const request_context& context) {
  if (!context.fields.has_if_match) return if_match{};
  return if_match{expected_versions(context.fields.if_match)};
}

void if_match::describe(operation_doc& doc) {
  doc.conditional = true;
  doc.problems.push_back(412);
}

result<std::optional<std::string>> idempotency_key_of(const request_context& context) {
  if (!context.fields.has_idempotency_key) return std::optional<std::string>();
  const std::string_view key = context.fields.idempotency_key;
  const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (key.empty() || key.size() > idempotency_key_bytes_max || !printable)
    return malformed("Idempotency-Key must have 1 to 255 printable ASCII characters");
  return std::optional<std::string>(key);
}

std::string fingerprint_of(const request_context& context, std::string_view meaning) {
  std::string_view path = context.incoming.path;
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  std::string used_for(to_text(context.incoming.verb));
  ((used_for += ' ') += path) += '\n';
  used_for += meaning;
  return to_hex(sha256(used_for));
}

}  // namespace spaces::http
