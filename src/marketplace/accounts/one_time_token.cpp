#include "marketplace/accounts/one_time_token.hpp"

#include "platform/base/digest.hpp"

#include <array>

namespace spaces::accounts {

using record::value;

namespace {

constexpr std::string_view purpose_attribute = "purpose";
constexpr std::string_view user_attribute = "userId";
constexpr std::string_view email_attribute = "email";
constexpr std::string_view credential_attribute = "credentialVersion";

std::string_view to_text(token_purpose purpose) { return purpose == token_purpose::verify ? "verify" : "reset"; }

}  // namespace

std::string make_one_time_text() {
  std::array<std::uint8_t, one_time_token_bytes> random{};
  fill_random(random);
  return to_base64url({reinterpret_cast<const char*>(random.data()), random.size()});
}

table::key one_time_key(std::string_view text) { return {"ONCE#" + to_hex(sha256(text)), "TOKEN"}; }

table::put put_one_time_token(std::string_view text, const one_time_token& token, instant now) {
  const bool verifies = token.purpose == token_purpose::verify;
  const instant end = now + (verifies ? std::chrono::milliseconds(verify_token_lifetime)
                                      : std::chrono::milliseconds(reset_token_lifetime));
  const auto expiry = std::chrono::floor<std::chrono::seconds>(end).time_since_epoch().count();
  record::item item;
  item.append(table::name::entity_type, value::of(std::string_view("OnceToken")));
  item.append(table::name::created_at, value::of(std::string_view(spaces::to_text(now))));
  item.append(table::name::ttl, value::of(make_decimal(expiry, 0)));
  item.append(purpose_attribute, value::of(to_text(token.purpose)));
  item.append(user_attribute, value::of(std::string_view(spaces::to_text(token.user_id))));
  item.append(email_attribute, value::of(std::string_view(token.email)));
  item.append(credential_attribute, value::of(make_decimal(token.credential_version, 0)));
  return {one_time_key(text), std::move(item), {table::absent{}}};
}

std::optional<one_time_token> to_one_time_token(record::item_view stored) {
  one_time_token token;
  const std::string_view purpose = stored.find(purpose_attribute).text;
  const auto user = parse_uuid(stored.find(user_attribute).text);
  if (!user || (purpose != to_text(token_purpose::verify) && purpose != to_text(token_purpose::reset)))
    return std::nullopt;
  token.purpose = purpose == to_text(token_purpose::verify) ? token_purpose::verify : token_purpose::reset;
  token.user_id = *user;
  token.email = stored.find(email_attribute).text;
  token.credential_version = stored.find(credential_attribute).number.digits;
  return token;
}

}  // namespace spaces::accounts
