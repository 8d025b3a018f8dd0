/// People with accounts: they register, log in, look after their profile.
#pragma once

#include "accounts/user.hpp"
#include "base/caller.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected_version.hpp"
#include "identity/passwords.hpp"
#include "identity/sessions.hpp"
#include "jobs/runner.hpp"
#include "record/read.hpp"
#include "table/table.hpp"

#include <optional>
#include <span>
#include <vector>

namespace spaces::accounts {

/// What a login gives.
struct entrance {
  token_pair tokens;
  user who;
};

class accounts {
 public:
  /// All must outlive this.
  accounts(table::single_table& table, const clock& clock, const password_hashes& hashes, sessions& sessions,
           jobs::bell& bell);

  /// Makes an account, and asks for the letter that confirms its address. `invalid` for a password against the policy,
  /// `conflict` (type `email-taken`) when the address has an account. Of many at once for one address one is made, and
  /// no part of the others.
  result<user> enlist(const registration& asked);

  /// `unauthenticated` (type `wrong-credentials`) for an unknown address and for a wrong password, at the
  /// same cost and in the same words.
  result<entrance> log_in(const login& given, const session_origin& from);

  /// The caller's own. `unauthenticated` when the account is gone.
  result<user> profile(const caller& who);

  /// Changes the given fields; `precondition_failed` when the version is another than expected. What it
  /// changes of the caller himself (userType) holds from the next token on.
  result<user> change(const caller& who, const record::draft<user>& asked, const expected_version& expected,
                      instant deadline);

  /// Ends letters of a kind to this person, as a link in them asks. Once more, or when the account is gone,
  /// nothing changes.
  result<void> turn_off(const uuid& person, letter_kind kind, instant deadline);

  /// How these people are reached now, in their order; empty where the account is gone. Ids may come
  /// twice; at most `table::batch_keys_max` different ones.
  result<std::vector<std::optional<contact>>> contacts(std::span<const uuid> ids);

 private:
  result<std::optional<credential>> credential_of(std::string_view email);

  table::single_table& table_;
  const clock& clock_;
  const password_hashes& hashes_;
  sessions& sessions_;
  jobs::bell& bell_;
};

}  // namespace spaces::accounts
