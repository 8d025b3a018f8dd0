/// Access tokens: signed statements of who somebody is, for half an hour. JWT (RFC 7519) in the compact
/// form of JWS (RFC 7515), typed as RFC 9068 has it.
///
///   header  {"alg": the key's own, "kid": the key's name, "typ": "at+jwt"}, and nothing else
///   claims  iss, aud (one text each, pinned) · sub (the user's UUID) · sid (the UUID of the login, whose end
///           ends the token) · iat, exp, optionally nbf (whole seconds) · the role, by the service's names · verified
///           (true or false)
#pragma once

#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/identity/local/signing_keys.hpp"
#include "platform/record/json.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace spaces::identity {

/// How long an access token is good for unless somebody says otherwise: short enough that a leaked one
/// is worth little, long enough that refreshing is rare.
inline constexpr std::chrono::minutes access_token_lifetime{30};
/// Clocks of two machines may differ by so much: a token may be from that far in the future. Its end is
/// kept to the second.
inline constexpr std::chrono::seconds clock_leeway{5};
/// Ours have under 1,100 bytes with the largest key allowed; 8 KiB is half of all header bytes.
inline constexpr std::size_t access_token_bytes_max = 8 * 1024;
/// Nesting inside a header or the claims. Ours need one level; claims of a later version may bring some.
inline constexpr std::size_t token_json_depth_max = 4;

/// How a service's roles stand in a token: the claim's name, and the roles' in the order of their numbers.
struct role_claim {
  std::string_view name;
  std::span<const std::string_view> roles;
};

/// For whom tokens are made and by whom: both are checked letter by letter.
struct token_scope {
  std::string issuer;
  std::string audience;
  role_claim roles;  ///< static texts
};

/// What a valid token says.
struct access_token {
  caller who;
  uuid session;        ///< the login it came from
  instant valid_from;  ///< `clock_leeway` before it was made
  instant expires_at;  ///< from here on it is refused
};

/// What a refresh token says: which rotation of which session made it.
struct refresh_token {
  uuid user;
  uuid session;
  std::int64_t generation = 0;
  instant rotated_at;
};

/// Makes and reads refresh tokens: JWTs of a type of their own ("rt+jwt") for the issuer alone, with `gen` for
/// the generation. The same arguments give the same token, as long as its key is there.
class refresh_tokens {
 public:
  /// `keys` must outlive this.
  refresh_tokens(const signing_keys& keys, token_scope scope);

  /// Empty when the key has gone.
  std::string mint(const refresh_token& says, instant ends_at, std::string_view kid) const;
  /// Errors as of access tokens.
  result<refresh_token> read(std::string_view token, instant now) const;

 private:
  const signing_keys& keys_;
  token_scope scope_;
};

/// Makes and reads access tokens. Thread-safe, also while keys come and go.
class access_tokens {
 public:
  /// `keys` must outlive this.
  access_tokens(const signing_keys& keys, token_scope scope);

  /// A token for `who`, signed with the current key. `lifetime` is at least a second. The same arguments
  /// give the same token.
  std::string mint(const caller& who, const uuid& session, std::chrono::seconds lifetime, instant now) const;

  /// Everything that the token says, once everything about it holds: form, key, algorithm, type,
  /// signature, claims, time. Errors are `unauthenticated`, as `identity::who` describes.
  result<access_token> read(std::string_view token, instant now) const;

  /// The same of claims whose token a gateway in front has verified, and which it hands on as texts, all of them
  /// (`"verified": "true"`): issuer, audience, kinds and times are held against what ours have. A refresh token's,
  /// whose type the gateway does not look at, are another audience's and no person's.
  result<access_token> read_vouched(const record::json_value& claims, instant now) const;

  /// The person alone.
  result<caller> verify(std::string_view token, instant now) const;

 private:
  const signing_keys& keys_;
  token_scope scope_;
};

}  // namespace spaces::identity
