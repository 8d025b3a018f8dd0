#include "platform/aws/signature.hpp"

#include "platform/base/text.hpp"

#include <algorithm>
#include <utility>

namespace spaces::aws {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string_view view(const sha256_digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Without white space at both ends; runs of it within are one space.
void append_squeezed(std::string& out, std::string_view value) {
  const char* at = value.data();
  const char* const end = at + value.size();
  for (bool begun = false;; begun = true) {
    at = std::find_if_not(at, end, is_space);
    if (at == end) return;
    const char* const word = std::exchange(at, std::find_if(at, end, is_space));
    if (begun) out += ' ';
    out.append(word, at);
  }
}

/// Dot segments and doubled slashes taken out.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!part.empty() && part != ".") {
      kept.push_back(part);
    }
    at = end + 1;
  }
  std::string out;
  for (const std::string_view part : kept) {
    out += '/';
    out += part;
  }
  if (out.empty() || path.ends_with('/')) out += '/';
  return out;
}

std::string canonical_path(std::string_view path, const signing_rules& rules) {
  if (path == "/") return "/";
  std::string plain = rules.normalize_path ? normalized(path) : std::string(path);
  if (!rules.encode_path_again) return plain;
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t slash = std::min(plain.find('/', at), plain.size());
    out += percent_encode(std::string_view(plain).substr(at, slash - at));
    if (slash == plain.size()) return out;
    out += '/';
    at = slash + 1;
  }
}

std::string canonical_text(std::string_view raw) {
  const auto decoded = percent_decode(raw, false);
  return percent_encode(decoded ? std::string_view(*decoded) : raw);
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parts;
  std::size_t at = 0;
  while (at < query.size()) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view part = query.substr(at, end - at);
    at = end + 1;
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value = equals < part.size() ? part.substr(equals + 1) : std::string_view{};
    parts.emplace_back(canonical_text(part.substr(0, equals)), canonical_text(value));
  }
  std::sort(parts.begin(), parts.end());
  std::string out;
  for (const auto& [name, value] : parts) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

/// The lines of the fields, each name once, and "name;name" of them.
void append_fields(std::string& out, std::string& names, std::span<const http::field_line> fields) {
  std::vector<std::pair<std::string, std::string_view>> sorted;
  sorted.reserve(fields.size());
  for (const http::field_line& line : fields) {  // a handful
    std::string name = lower_ascii(line.name);
    const auto behind = std::ranges::upper_bound(sorted, name, {}, [](const auto& one) { return one.first; });
    sorted.emplace(behind, std::move(name), line.value);
  }
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool repeated = i > 0 && sorted[i].first == sorted[i - 1].first;
    if (!repeated) {
      if (i > 0) out += '\n';
      if (i > 0) names += ';';
      names += sorted[i].first;
      out.append(sorted[i].first).append(":");
    } else {
      out += ',';
    }
    append_squeezed(out, sorted[i].second);
  }
  out += '\n';
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

std::string body_hash(const signable& request) {
  return request.body_hash.empty() ? to_hex(sha256(request.body)) : std::string(request.body_hash);
}

}  // namespace

std::string amazon_time(instant when) {
  std::string text = to_text(when);  // 2015-08-30T12:36:00.000Z
  text.erase(19, 4);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

signer::signer(std::string region, std::string service, signing_rules rules)
    : region_(std::move(region)), service_(std::move(service)), rules_(rules) {}

std::string signer::scope(const std::string& time) const {
  return time.substr(0, 8) + '/' + region_ + '/' + service_ + "/aws4_request";
}

std::shared_ptr<const hmac_sha256_key> signer::key(const std::string& secret, std::string_view day) const {
  const std::lock_guard lock(mutex_);
  if (!key_ || key_day_ != day || key_secret_ != secret) {
    sha256_digest derived = hmac_sha256("AWS4" + secret, day);
    for (const std::string_view part :
         {std::string_view(region_), std::string_view(service_), std::string_view("aws4_request")})
      derived = hmac_sha256(view(derived), part);
    key_ = std::make_shared<const hmac_sha256_key>(view(derived));
    key_day_ = day;
    key_secret_ = secret;
  }
  return key_;
}

signature signer::finish(const signable& request, const credentials& who, const std::string& time,
                         std::span<const http::field_line> signed_fields, std::string_view query,
                         std::string_view hash) const {
  signature made;
  std::string& text = made.canonical_request;
  text.reserve(512);
  text.append(http::to_text(request.verb)).append("\n");
  text.append(canonical_path(path_of(request.target), rules_)).append("\n");
  if (!query.empty()) text += canonical_query(query);
  text += '\n';
  append_fields(text, made.signed_names, signed_fields);
  text.append("\n").append(made.signed_names).append("\n").append(hash);
  made.scope = scope(time);
  made.string_to_sign.append(algorithm).append("\n").append(time).append("\n").append(made.scope).append("\n");
  made.string_to_sign += to_hex(sha256(text));
  made.hex = to_hex(key(who.secret_access_key, std::string_view(time).substr(0, 8))->digest(made.string_to_sign));
  return made;
}

signer::fields signer::sign(const signable& request, const credentials& who, instant now, signature* shown) const {
  const std::string time = amazon_time(now);
  const std::string hash = body_hash(request);
  fields added;
  added.reserve(4);
  const bool token = !who.session_token.empty();
  if (token) added.emplace_back("X-Amz-Security-Token", who.session_token);
  added.emplace_back("X-Amz-Date", time);
  if (rules_.body_hash_field) added.emplace_back("x-amz-content-sha256", hash);

  std::vector<http::field_line> all(request.fields.begin(), request.fields.end());
  for (const auto& [name, value] : added) all.push_back({name, value});
  if (token && !rules_.sign_session_token) all.erase(all.begin() + static_cast<std::ptrdiff_t>(request.fields.size()));
  signature made = finish(request, who, time, all, query_of(request.target), hash);

  std::string proof(algorithm);
  proof.append(" Credential=").append(who.access_key_id).append("/").append(made.scope);
  proof.append(", SignedHeaders=").append(made.signed_names).append(", Signature=").append(made.hex);
  added.emplace_back("Authorization", std::move(proof));
  if (shown != nullptr) *shown = std::move(made);
  return added;
}

std::string signer::presign(const signable& request, const credentials& who, instant now, std::chrono::seconds lifetime,
                            signature* shown) const {
  const std::string time = amazon_time(now);
  std::string lines;
  std::string names;
  append_fields(lines, names, request.fields);

  std::string query(query_of(request.target));
  if (!query.empty()) query += '&';
  query.append("X-Amz-Algorithm=").append(algorithm);
  query.append("&X-Amz-Credential=").append(percent_encode(who.access_key_id + '/' + scope(time)));
  query.append("&X-Amz-Date=").append(time).append("&X-Amz-SignedHeaders=").append(percent_encode(names));
  query.append("&X-Amz-Expires=").append(std::to_string(lifetime.count()));
  std::string token;
  if (!who.session_token.empty()) token = "&X-Amz-Security-Token=" + percent_encode(who.session_token);
  const std::string signed_query = rules_.sign_session_token ? query + token : query;
  signature made = finish(request, who, time, request.fields, signed_query, body_hash(request));
  std::string target(path_of(request.target));
  target.append("?").append(query).append(token).append("&X-Amz-Signature=").append(made.hex);
  if (shown != nullptr) *shown = std::move(made);
  return target;
}

std::string signer::sign_text(std::string_view text, const credentials& who, const std::string& time) const {
  return to_hex(key(who.secret_access_key, std::string_view(time).substr(0, 8))->digest(text));
}

}  // namespace spaces::aws
