#include "platform/http/negotiation.hpp"

#include "platform/base/text.hpp"

#include <charconv>
#include <cstdint>

namespace spaces::http {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The next element of a comma-separated list, trimmed. Commas inside quotes do not part.
std::string_view next_element(std::string_view& list, char separator = ',') {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < list.size() && (quoted || list[end] != separator); ++end)
    if (list[end] == '"') quoted = !quoted;
  const std::string_view element = trimmed(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return element;
}

/// True when the parameters hold a weight of zero: "q=0", "q=0.000".
bool weighs_nothing(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = next_element(parameters, ';');
    if (parameter.size() < 3 || !equal_ignoring_case(parameter.substr(0, 2), "q=")) continue;
    return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

/// Element and parameters of "text/html;q=0.5".
std::pair<std::string_view, std::string_view> part(std::string_view element) {
  const std::size_t semicolon = element.find(';');
  if (semicolon == std::string_view::npos) return {element, {}};
  return {trimmed(element.substr(0, semicolon)), element.substr(semicolon + 1)};
}

/// 3: the type itself, 2: its range, 1: any, 0: another.
int specificity(std::string_view range, std::string_view media_type) {
  if (equal_ignoring_case(range, media_type)) return 3;
  if (range == "*/*") return 1;
  const std::size_t slash = media_type.find('/');
  return range.size() == slash + 2 && range.ends_with("/*") &&
                 equal_ignoring_case(range.substr(0, slash), media_type.substr(0, slash))
             ? 2
             : 0;
}

/// `"v7-gzip"`, `W/"v7"` and `"v7"` are one version.
std::string_view opaque(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() < 2 || tag.front() != '"' || tag.back() != '"') return {};
  tag = tag.substr(1, tag.size() - 2);
  if (tag.ends_with("-gzip")) tag.remove_suffix(5);
  return tag;
}

/// True when the parameters of a media type name no charset except UTF-8.
bool is_in_utf8(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string parameter = lower_ascii(next_element(parameters, ';'));
    if (parameter.starts_with("charset=") && parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"")
      return false;
  }
  return true;
}

}  // namespace

known_fields find_known_fields(const request& incoming) {
  struct known {
    std::string_view name;
    std::string_view known_fields::* value;
    bool single;
  };
  static constexpr known table[] = {
      {"accept", &known_fields::accept, false},
      {"if-match", &known_fields::if_match, false},
      {"content-type", &known_fields::content_type, true},
      {"authorization", &known_fields::authorization, true},
      {"if-none-match", &known_fields::if_none_match, false},
      {"accept-encoding", &known_fields::accept_encoding, false},
      {"content-encoding", &known_fields::content_encoding, false},
      {"idempotency-key", &known_fields::idempotency_key, true},
  };
  static constexpr std::uint64_t sizes = [] {
    std::uint64_t all = 0;
    for (const known& k : table) all |= std::uint64_t{1} << k.name.size();
    return all;
  }();
  known_fields found;
  for (const field_line& line : incoming.fields) {
    if (line.name.size() >= 64 || (sizes >> line.name.size() & 1) == 0) continue;
    for (const known& k : table) {
      if (line.name.size() != k.name.size() || !equal_ignoring_case(line.name, k.name)) continue;
      std::string_view& value = found.*(k.value);
      const bool again = value.data() != nullptr;
      if (k.single && again) found.repeated = true;
      if (again) {
        found.joined.push_back(
            std::make_shared<const std::string>(std::string(value) + ", " + std::string(line.value)));
        value = *found.joined.back();
      } else {
        value = line.value.data() != nullptr ? line.value : std::string_view("");
      }
    }
  }
  found.has_if_match = found.if_match.data() != nullptr;
  found.has_idempotency_key = found.idempotency_key.data() != nullptr;
  return found;
}

bool accepts(std::string_view accept, std::string_view media_type) {
  if (trimmed(accept).empty()) return true;
  int best = 0;
  bool wanted = false;
  while (!accept.empty()) {
    const auto [range, parameters] = part(next_element(accept));
    const int rank = specificity(range, media_type);
    if (rank == 0 || rank < best) continue;
    wanted = !weighs_nothing(parameters);
    best = rank;
  }
  return wanted;
}

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    const auto [coding, parameters] = part(next_element(accept_encoding));
    if (equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip"))
      return !weighs_nothing(parameters);
    if (coding == "*") any = !weighs_nothing(parameters);
  }
  return any;
}

bool is_json(std::string_view content_type) {
  const auto [type, parameters] = part(trimmed(content_type));
  const std::string lower = lower_ascii(type);
  const bool json = lower == "application/json" || (lower.starts_with("application/") && lower.ends_with("+json"));
  return json && lower != "application/json-patch+json" && is_in_utf8(parameters);
}

bool is_merge_patch(std::string_view content_type) {
  const auto [type, parameters] = part(trimmed(content_type));
  const std::string lower = lower_ascii(type);
  return (lower == "application/json" || lower == "application/merge-patch+json") && is_in_utf8(parameters);
}

bool is_identity(std::string_view content_encoding) {
  while (!content_encoding.empty()) {
    const std::string_view coding = next_element(content_encoding);
    if (!coding.empty() && !equal_ignoring_case(coding, "identity")) return false;
  }
  return true;
}

bool is_form(std::string_view content_type) {
  return equal_ignoring_case(part(trimmed(content_type)).first, "application/x-www-form-urlencoded");
}

std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size() || !equal_ignoring_case(authorization.substr(0, scheme.size()), scheme))
    return std::nullopt;
  return trimmed(authorization.substr(scheme.size()));
}

bool matches_any(std::string_view if_none_match, std::string_view etag) {
  const std::string_view wanted = opaque(etag);
  while (!if_none_match.empty()) {
    const std::string_view tag = next_element(if_none_match);
    if (tag == "*" || (!wanted.empty() && opaque(tag) == wanted)) return true;
  }
  return false;
}

expected_version expected_versions(std::string_view if_match) {
  expected_version expected;
  expected.any_of.emplace();
  while (!if_match.empty()) {
    std::string_view tag = next_element(if_match);
    if (tag == "*") return {};
    if (tag.starts_with("W/")) continue;  // RFC 9110, 13.1.1: If-Match compares strongly
    tag = opaque(tag);
    std::int64_t version = 0;
    tag = tag.substr(0, tag.find('-'));  // what follows tells apart the views of one version
    if (tag.size() < 2 || tag.front() != 'v') continue;
    const auto [end, failure] = std::from_chars(tag.data() + 1, tag.data() + tag.size(), version);
    if (failure == std::errc{} && end == tag.data() + tag.size()) expected.any_of->push_back(version);
  }
  return expected;
}

}  // namespace spaces::http
