/// People known by our own access tokens.
#pragma once

#include "platform/identity/identity.hpp"
#include "platform/identity/local/cached_tokens.hpp"
#include "platform/identity/local/ended_sessions.hpp"
#include "platform/identity/local/signing_keys.hpp"
#include "platform/identity/local/tokens.hpp"

namespace spaces::identity {

class local_identity final : public identity {
 public:
  local_identity(signing_keys keys, token_scope scope, std::size_t cache_sets = cached_sets);

  result<caller> who(std::string_view bearer, instant now) override;

  /// The person of claims that a gateway in front has read from a token and that are trusted
  /// (access_tokens::read_vouched). An ended session's are refused as its tokens are.
  result<caller> who_vouched(const record::json_value& claims, instant now);

  const signing_keys& keys() const { return keys_; }
  /// These keys from now on, the first signs. Tokens of a key that went are refused immediately, cached or not.
  void use_keys(std::vector<shared_key> all);
  /// For who makes tokens: logins, `spaces token`.
  const access_tokens& tokens() const { return tokens_; }
  const refresh_tokens& refreshes() const { return refreshes_; }

  /// The session's access tokens are refused from now on; that is kept until `until`.
  void end(const uuid& session, instant until);
  /// Forgets the sessions whose time is over.
  void sweep(instant now) { ended_.sweep(now); }

 private:
  signing_keys keys_;
  access_tokens tokens_;
  refresh_tokens refreshes_;
  ended_sessions ended_;
  cached_tokens cached_;
};

}  // namespace spaces::identity
