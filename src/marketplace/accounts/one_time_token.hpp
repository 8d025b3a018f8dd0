/// One-time tokens: what an e-mail brings to an address, and its reader brings back, once. The table
/// holds their digests alone. No I/O.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::accounts {

enum class token_purpose { verify, reset };

/// An e-mail is read by the next day; what confirms an address opens nothing else.
inline constexpr std::chrono::hours verify_token_lifetime{24};
/// What opens an account lives as long as somebody sits and waits for the e-mail. OWASP ASVS 5.0, 6.4.4.
inline constexpr std::chrono::minutes reset_token_lifetime{30};
/// Nobody guesses 256 bits: no attempts are counted.
inline constexpr std::size_t one_time_token_bytes = 32;

struct one_time_token {
  token_purpose purpose = token_purpose::verify;
  uuid user_id;
  std::string email;                    ///< canonical: the address that the e-mail went to
  std::int64_t credential_version = 0;  ///< a password that was changed since ends what resets it
};

/// A new token's text: random, in base64url.
std::string make_one_time_text();

/// ONCE#digest / TOKEN
table::key one_time_key(std::string_view text);
/// To stand in a transaction; absent from the end of its lifetime on.
table::put put_one_time_token(std::string_view text, const one_time_token& token, instant now);
/// Empty when the item is damaged.
std::optional<one_time_token> to_one_time_token(record::item_view stored);

}  // namespace spaces::accounts
