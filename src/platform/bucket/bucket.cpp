#include "platform/bucket/bucket.hpp"

#include <algorithm>

namespace spaces::bucket {

namespace {

bool is_key_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool is_segment(std::string_view text) {
  return !text.empty() && text.size() <= segment_bytes_max && text != "." && text != ".." &&
         std::ranges::all_of(text, is_key_byte);
}

/// All but the last are whole; the last may have just begun, or be empty, where `begun`.
bool are_segments(std::string_view text, bool begun) {
  while (true) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
      return begun && (text.empty() || text == "." || text == "..") ? true : is_segment(text);
    if (!is_segment(text.substr(0, slash))) return false;
    text.remove_prefix(slash + 1);
  }
}

/// "image/jpeg": what a header may hold as it is.
bool is_content_type(std::string_view text) {
  const std::size_t slash = text.find('/');
  return text.size() <= content_type_bytes_max && slash != std::string_view::npos && slash > 0 &&
         slash + 1 < text.size() &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

}  // namespace

std::string public_url(std::string_view base, std::string_view key) {
  if (key.starts_with(public_prefix)) key.remove_prefix(public_prefix.size());
  return std::string(base).append("/").append(key);
}

result<void> validate_key(std::string_view key) {
  if (key.empty() || key.size() > key_bytes_max || !are_segments(key, false))
    return internal("'" + std::string(key) + "' is no key of a bucket");
  return {};
}

result<void> validate_prefix(std::string_view prefix) {
  if (prefix.size() > key_bytes_max || !are_segments(prefix, true))
    return internal("'" + std::string(prefix) + "' is no prefix of a bucket's keys");
  return {};
}

result<void> validate(const upload_rules& rules) {
  if (const auto valid = validate_key(rules.key); !valid) return valid.error();
  if (!is_content_type(rules.content_type)) return internal("'" + rules.content_type + "' is no media type");
  if (rules.bytes_min > rules.bytes_max || rules.bytes_max == 0 || rules.bytes_max > upload_bytes_max)
    return internal("an upload is permitted of " + std::to_string(rules.bytes_min) + " to " +
                    std::to_string(rules.bytes_max) + " bytes");
  if (rules.bytes_min == rules.bytes_max && !rules.sha256)
    return internal("an upload of an exact length is permitted without its checksum");
  if (rules.lifetime < std::chrono::seconds(1) || rules.lifetime > permission_lifetime_max)
    return internal("an upload is permitted for " + std::to_string(rules.lifetime.count()) + " seconds");
  return {};
}

error too_large_to_open(std::uint64_t bytes) {
  error made;
  made.kind = error_kind::too_large;
  made.public_text = "An object of " + std::to_string(bytes) + " bytes; at most " + std::to_string(opened_bytes_max) +
                     " are opened as a file";
  return made;
}

result<std::pair<std::uint64_t, std::uint64_t>> cut(std::uint64_t bytes, const std::optional<byte_range>& part) {
  if (!part) return std::pair(std::uint64_t{0}, bytes);
  if (part->first >= bytes || (part->last && *part->last < part->first))
    return invalid({{"Range", "not-satisfiable", "must begin within the " + std::to_string(bytes) + " bytes"}});
  const std::uint64_t last = std::min(part->last.value_or(bytes - 1), bytes - 1);
  return std::pair(part->first, last - part->first + 1);
}

}  // namespace spaces::bucket
