#include "platform/identity/local/tokens.hpp"

#include "platform/base/digest.hpp"
#include "platform/record/json.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

namespace spaces::identity {

namespace {

using record::json_kind;
using record::json_value;

constexpr std::string_view token_type = "at+jwt";
constexpr std::string_view refresh_type = "rt+jwt";
/// The end of the year 9999: what lies behind it is a mistake or an attack.
constexpr std::int64_t date_max = 253'402'300'799;

// Not even the difference between a bad form and a bad signature is for the outside.
error not_valid(std::string why) {
  error failure = unauthenticated("The access token is not valid");
  failure.private_text = std::move(why);
  return failure;
}

error has_expired() { return unauthenticated("The access token has expired"); }

error not_valid_yet() { return unauthenticated("The access token is not valid yet; is the clock right?"); }

/// The three segments of the compact form; `signed_part` is the first two with their dot.
struct compact {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_part;
};

std::optional<compact> split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return compact{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
                 token.substr(0, second)};
}

/// A segment that holds a JSON object, in canonical base64url.
result<json_value> parse_segment(std::string_view segment, std::string_view what) {
  const std::optional<std::string> text = from_base64url(segment);
  if (!text) return not_valid(std::string(what) + " is not canonical base64url");
  result<json_value> parsed = record::parse_json(*text, token_json_depth_max);
  // Not what is wrong with it: that quotes the client, and this is for the log.
  if (!parsed) return not_valid(std::string(what) + " is no JSON, or has a member twice");
  if (parsed->kind != json_kind::object) return not_valid(std::string(what) + " is no object");
  return parsed;
}

/// The member's text, when it is there and a string.
std::optional<std::string_view> text_of(const json_value& object, std::string_view name) {
  const json_value* member = object.find(name);
  if (member == nullptr || member->kind != json_kind::string) return std::nullopt;
  return member->text;
}

/// A NumericDate (RFC 7519, section 2) in whole seconds: digits alone, no sign, fraction or exponent.
std::optional<instant> date_of(const json_value& object, std::string_view name) {
  const json_value* member = object.find(name);
  if (member == nullptr || member->kind != json_kind::number) return std::nullopt;
  const std::string& text = member->text;
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc{} || text.empty() || end != text.data() + text.size() || text.front() == '-' ||
      seconds > date_max)
    return std::nullopt;
  return instant{std::chrono::seconds{seconds}};
}

/// The key that the header names, when all else in the header is what that key's tokens have. Unknown
/// members are refused rather than passed over: `jwk`, `jku`, `x5u` and `crit` all have been holes.
result<shared_key> key_of(const json_value& header, const signing_keys& keys, std::string_view type) {
  for (const auto& [name, member] : header.members) {
    if (name != "alg" && name != "typ" && name != "kid") return not_valid("header has a member that is not ours");
  }
  shared_key key = keys.find(text_of(header, "kid").value_or(""));
  if (key == nullptr) return not_valid("no such key");
  if (text_of(header, "alg") != to_text(key->algorithm())) return not_valid("alg is not the key's own");
  if (text_of(header, "typ") != type) return not_valid("typ is not " + std::string(type));
  return key;
}

std::optional<user_role> role_of(const json_value& claims, const role_claim& known) {
  const auto said = text_of(claims, known.name);
  const auto at = std::find(known.roles.begin(), known.roles.end(), said.value_or(""));
  if (!said || at == known.roles.end()) return std::nullopt;
  return static_cast<user_role>(at - known.roles.begin());
}

/// The claims, without their times.
result<access_token> read_claims(const json_value& claims, const token_scope& scope) {
  if (text_of(claims, "iss") != scope.issuer) return not_valid("another issuer");
  if (text_of(claims, "aud") != scope.audience) return not_valid("another audience");
  const std::optional<uuid> user = parse_uuid(text_of(claims, "sub").value_or(""));
  if (!user || user->is_nil()) return not_valid("sub is no user");
  const std::optional<uuid> session = parse_uuid(text_of(claims, "sid").value_or(""));
  if (!session) return not_valid("sid is no UUID");
  const std::optional<user_role> role = role_of(claims, scope.roles);
  if (!role) return not_valid("the role is none");
  const json_value* verified = claims.find("verified");
  if (verified == nullptr || verified->kind != json_kind::boolean)
    return not_valid("verified is neither true nor false");
  return access_token{{*user, *role, verified->flag, *session}, *session, {}, {}};
}

/// Claims as their token has them, of texts that a gateway made of them.
json_value typed(const json_value& texts) {
  json_value claims = texts;
  for (auto& [name, value] : claims.members) {
    if (value.kind != json_kind::string) continue;
    if (name == "iat" || name == "exp" || name == "nbf") value.kind = json_kind::number;
    if (name != "verified" || (value.text != "true" && value.text != "false")) continue;
    value.kind = json_kind::boolean;
    value.flag = value.text == "true";
  }
  return claims;
}

/// Fills in the times and holds them against `now`.
result<void> check_times(const json_value& claims, instant now, access_token& token) {
  const std::optional<instant> issued = date_of(claims, "iat");
  const std::optional<instant> expires = date_of(claims, "exp");
  if (!issued || !expires) return not_valid("iat or exp is no date");
  if (*expires <= *issued) return not_valid("exp is not behind iat");
  const std::optional<instant> not_before = date_of(claims, "nbf");
  if (!not_before && claims.find("nbf") != nullptr) return not_valid("nbf is no date");
  token.valid_from = std::max(*issued, not_before.value_or(*issued)) - clock_leeway;
  token.expires_at = *expires;
  if (now >= token.expires_at) return has_expired();
  if (now < token.valid_from) return not_valid_yet();
  return {};
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  record::append_json_string(out, text);
}

void append_seconds(std::string& out, std::string_view name, instant when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when.time_since_epoch()).count();
  out.append(",\"").append(name).append("\":").append(std::to_string(seconds));
}

std::string header_of(const signing_key& key, std::string_view type) {
  std::string header = "{\"alg\":\"" + std::string(to_text(key.algorithm())) + "\"";
  append_text(header, "kid", key.kid());
  append_text(header, "typ", type);
  return header += '}';
}

std::string signed_with(const signing_key& key, std::string_view type, std::string_view claims) {
  std::string token = to_base64url(header_of(key, type)) + "." + to_base64url(claims);
  const std::string signature = key.sign(token);
  if (signature.empty()) throw std::runtime_error("OpenSSL failed to sign");
  return token.append(".").append(to_base64url(signature));
}

/// The claims of a token of this type that a key of ours signed.
result<json_value> signed_claims(std::string_view token, std::string_view type, const signing_keys& keys) {
  if (token.size() > access_token_bytes_max) return not_valid("too long");
  const std::optional<compact> parts = split(token);
  if (!parts) return not_valid("not three segments");
  const result<json_value> header = parse_segment(parts->header, "header");
  if (!header) return header.error();
  const result<shared_key> key = key_of(*header, keys, type);
  if (!key) return key.error();
  const std::optional<std::string> signature = from_base64url(parts->signature);
  if (!signature) return not_valid("signature is not canonical base64url");
  if (!(*key)->verifies(parts->signed_part, *signature)) return not_valid("the signature does not fit");
  return parse_segment(parts->claims, "claims");
}

}  // namespace

access_tokens::access_tokens(const signing_keys& keys, token_scope scope) : keys_(keys), scope_(std::move(scope)) {}

std::string access_tokens::mint(const caller& who, const uuid& session, std::chrono::seconds lifetime,
                                instant now) const {
  assert(who.known() && static_cast<std::size_t>(who.role) < scope_.roles.roles.size() &&
         lifetime >= std::chrono::seconds{1});
  const shared_key current = keys_.current();
  const signing_key& key = *current;
  std::string claims = "{\"iss\":";
  record::append_json_string(claims, scope_.issuer);
  append_text(claims, "aud", scope_.audience);
  append_text(claims, "sub", to_text(who.id));
  append_text(claims, "sid", to_text(session));
  append_seconds(claims, "iat", now);
  append_seconds(claims, "exp", now + lifetime);
  append_text(claims, scope_.roles.name, scope_.roles.roles[static_cast<std::size_t>(who.role)]);
  claims.append(",\"verified\":").append(who.verified ? "true" : "false").append("}");

  return signed_with(key, token_type, claims);
}

namespace {

/// Of claims that a holder of the key wrote.
result<access_token> timely_claims(const json_value& claims, const token_scope& scope, instant now) {
  result<access_token> said = read_claims(claims, scope);
  if (!said) return said;
  if (const result<void> timely = check_times(claims, now, *said); !timely) return timely.error();
  return said;
}

}  // namespace

result<access_token> access_tokens::read(std::string_view token, instant now) const {
  const result<json_value> claims = signed_claims(token, token_type, keys_);
  if (!claims) return claims.error();
  return timely_claims(*claims, scope_, now);
}

result<access_token> access_tokens::read_vouched(const json_value& claims, instant now) const {
  return timely_claims(typed(claims), scope_, now);
}

result<caller> access_tokens::verify(std::string_view token, instant now) const {
  const result<access_token> said = read(token, now);
  if (!said) return said.error();
  return said->who;
}

refresh_tokens::refresh_tokens(const signing_keys& keys, token_scope scope) : keys_(keys), scope_(std::move(scope)) {}

std::string refresh_tokens::mint(const refresh_token& says, instant ends_at, std::string_view kid) const {
  const auto key = keys_.find(kid);
  if (!key) return {};
  std::string claims = "{\"iss\":";
  record::append_json_string(claims, scope_.issuer);
  append_text(claims, "aud", scope_.issuer);
  append_text(claims, "sub", to_text(says.user));
  append_text(claims, "sid", to_text(says.session));
  claims.append(",\"gen\":").append(std::to_string(says.generation));
  append_seconds(claims, "iat", says.rotated_at);
  append_seconds(claims, "exp", ends_at);
  return signed_with(*key, refresh_type, claims += '}');
}

result<refresh_token> refresh_tokens::read(std::string_view token, instant now) const {
  const result<json_value> claims = signed_claims(token, refresh_type, keys_);
  if (!claims) return claims.error();
  if (text_of(*claims, "iss") != scope_.issuer || text_of(*claims, "aud") != scope_.issuer)
    return not_valid("another issuer");
  const std::optional<uuid> user = parse_uuid(text_of(*claims, "sub").value_or(""));
  const std::optional<uuid> session = parse_uuid(text_of(*claims, "sid").value_or(""));
  const json_value* generation = claims->find("gen");
  refresh_token said;
  if (!user || !session || !generation || generation->kind != json_kind::number) return not_valid("no session");
  const std::string& digits = generation->text;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), said.generation);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return not_valid("gen is no number");
  const std::optional<instant> issued = date_of(*claims, "iat");
  const std::optional<instant> expires = date_of(*claims, "exp");
  if (!issued || !expires) return not_valid("iat or exp is no date");
  if (now >= *expires) return not_valid("expired");
  said.user = *user;
  said.session = *session;
  said.rotated_at = *issued;
  return said;
}

}  // namespace spaces::identity
