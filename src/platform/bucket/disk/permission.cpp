#include "platform/bucket/disk/permission.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace spaces::bucket {

namespace {

constexpr std::string_view version = "upload1";
constexpr std::size_t mac_bytes = 32;
constexpr char between = '\n';  // in no key and no media type

std::string_view view(const sha256_digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// The next line of `text`, which loses it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find(between), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

template <class Number>
bool take_number(std::string_view& text, Number& into) {
  const std::string_view line = take_line(text);
  const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), into);
  return failed == std::errc() && end == line.data() + line.size();
}

}  // namespace

// A key of its own: nothing else that is sealed with the store's secret can pass for a permission.
permission_seal::permission_seal(std::string_view secret) : secret_(view(hmac_sha256(secret, "bucket upload"))) {}

std::string permission_seal::seal(const upload_rules& rules, instant expires_at) const {
  std::string text(version);
  text += between;
  text.append(std::to_string(expires_at.time_since_epoch().count())) += between;
  text.append(std::to_string(rules.bytes_min)) += between;
  text.append(std::to_string(rules.bytes_max)) += between;
  text.append(rules.key) += between;
  text.append(rules.content_type) += between;
  if (rules.sha256) text += to_hex(*rules.sha256);
  text += view(secret_.digest(text));
  return to_base64url(text);
}

std::optional<upload_rules> permission_seal::open(std::string_view token, instant now) const {
  const auto sealed = from_base64url(token);
  if (!sealed || sealed->size() < mac_bytes) return std::nullopt;
  std::string_view text = std::string_view(*sealed).substr(0, sealed->size() - mac_bytes);
  if (!same_secret(view(secret_.digest(text)), std::string_view(*sealed).substr(text.size()))) return std::nullopt;
  upload_rules rules;
  instant::rep expires = 0;
  if (take_line(text) != version || !take_number(text, expires) || !take_number(text, rules.bytes_min) ||
      !take_number(text, rules.bytes_max))
    return std::nullopt;
  rules.key = take_line(text);
  rules.content_type = take_line(text);
  const std::string_view hex = take_line(text);
  if (!hex.empty()) {
    sha256_digest digest{};
    for (std::size_t i = 0; i < digest.size() && hex.size() == 2 * digest.size(); ++i)
      std::from_chars(hex.data() + 2 * i, hex.data() + 2 * i + 2, digest[i], 16);
    rules.sha256 = digest;
  }
  if (now >= instant(instant::duration(expires))) return std::nullopt;
  return rules;
}

}  // namespace spaces::bucket
