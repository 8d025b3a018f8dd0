/// What tokens are signed with and say, and what hashing a password costs.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/setting.hpp"
#include "platform/identity/passwords.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace spaces::identity {

struct identity_settings {
  std::string jwt_key;   ///< empty: those of the folder
  std::string jwt_keys;  ///< a folder; empty: "keys" in the data folder
  std::string issuer = "lifestyle-spaces";
  std::string audience = "lifestyle-spaces-api";
  int bcrypt_cost = 12;
};

/// What stands in tokens and is compared letter by letter.
inline bool is_scope_name(std::string_view text) {
  constexpr std::size_t bytes_max = 200;
  return !text.empty() && text.size() <= bytes_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

inline constexpr setting_row<identity_settings> identity_setting_rows[] = {
    {"SPACES_JWT_KEYS", "--keys", "", "a folder", "Signing keys, as spaces keys makes them; keys in the data folder",
     false,
     [](identity_settings& into, std::string_view text) { return setting_value::read_text(into.jwt_keys, text); }},
    {"SPACES_ISSUER", "--issuer", "lifestyle-spaces", "a name, or https:// and a host",
     "Who makes our tokens; verifiers elsewhere look keys up below it", false,
     [](identity_settings& into, std::string_view text) {
       // A slash at the end would stand twice in what is below it, and verifiers compare issuers as they are.
       into.issuer = text;
       return is_scope_name(text) && !text.ends_with('/');
     }},
    {"SPACES_AUDIENCE", "--audience", "lifestyle-spaces-api", "a name", "Whom our tokens are for", false,
     [](identity_settings& into, std::string_view text) { return into.audience = text, is_scope_name(text); }},
    {"SPACES_BCRYPT_COST", "--bcrypt-cost", "12", "4 to 16; 10 or more in production",
     "What hashing a password costs; one more is twice the time", false,
     [](identity_settings& into, std::string_view text) {
       return setting_value::read_number(into.bcrypt_cost, text, bcrypt_cost_min, bcrypt_cost_max);
     }},
    {"JWT_SECRET_KEY", "", "", "an RSA private key in PEM, or a secret of at least 32 bytes",
     "Signs access tokens, alone; unless set, the folder's keys do, or one made and kept in the data folder", true,
     [](identity_settings& into, std::string_view text) { return into.jwt_key = text, true; }},
};

inline result<void> validate_for_production(const identity_settings& given) {
  if (given.bcrypt_cost >= bcrypt_cost_production_min) return {};
  return malformed("ENVIRONMENT=production hashes passwords at a cost of " +
                   std::to_string(bcrypt_cost_production_min) + " or more: SPACES_BCRYPT_COST is " +
                   std::to_string(given.bcrypt_cost) + '.');
}

}  // namespace spaces::identity
