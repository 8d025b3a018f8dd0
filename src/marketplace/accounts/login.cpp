// Logging in and going on.
#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"
#include "marketplace/accounts/problems.hpp"
#include "platform/base/text.hpp"

#include <utility>

namespace spaces::accounts {

namespace {

/// A login that finds its credential changed while it hashed looks again: a renewed hash is no new password.
constexpr int login_tries_max = 3;

error wrong_credentials() {
  return error_of(problems::wrong_credentials, "The e-mail address or the password is wrong");
}

}  // namespace

/// Whose attempts a login counts for: the account's, which need not exist, and the address's.
std::vector<counted_subject> accounts::login_subjects(std::string_view email, std::string_view address) const {
  const quota per_account{"login", login_failures_max, throttle_window};
  const quota per_address{"login-address", options().address_attempts_max, throttle_window};
  return {{per_account, canonical_email(email).value_or(lower_ascii(email))}, {per_address, address_subject(address)}};
}

/// Into the transaction of a success: the account's failures are forgotten, and the address gets one attempt
/// back. Its others stay: a caller who knows one password must not so get at others.
void accounts::append_success(std::vector<table::operation>& to, const std::vector<counted_subject>& subjects) const {
  to.push_back(throttle::forgotten(subjects[0]));
  to.push_back(throttle_.given_back(subjects[1]));
}

result<login_result> accounts::log_in(const login& given, const session_origin& from) {
  const std::vector<counted_subject> subjects = login_subjects(given.email, from.address);
  if (const auto may = throttle_.admit(subjects); !may) return may.error();
  result<login_result> opened = try_log_in(given, from, subjects);
  for (int tries = 1; !opened && opened.error().kind == error_kind::conflict && tries < login_tries_max; ++tries)
    opened = try_log_in(given, from, subjects);
  return opened;
}

result<login_result> accounts::try_log_in(const login& given, const session_origin& from,
                                          const std::vector<counted_subject>& subjects) {
  const auto kept = credential_of(given.email);
  if (!kept) return kept.error();
  const auto verdict = hashes_.check(given.password, *kept ? &(*kept)->password_hash : nullptr);
  if (!verdict.right) return wrong_credentials();
  credential opens = **kept;
  const table::key where = credential_key(canonical_email(given.email).value());
  const auto stored = table_.get(key_of(opens.user_id), table::consistency::strong);
  if (!stored) return stored.error();
  if (!*stored) return wrong_credentials();  // it was just deleted
  std::optional<user> who = to_user((*stored)->view());
  if (!who) return damaged("user " + to_text(opens.user_id));

  // A password change or deletion while we hashed has ended this login, too.
  std::vector<table::operation> also;
  const table::condition unchanged = version_is(opens.version);
  if (verdict.renew) {
    opens.password_hash = hashes_.make(given.password);
    opens.updated_at = clock_.now();
    ++opens.version;
    also.emplace_back(table::put{where, to_item(opens), {unchanged}});
  } else {
    also.emplace_back(table::check{where, {unchanged}});
  }
  append_success(also, subjects);
  result<token_pair> tokens = sessions_.open(as_caller(*who), from, std::move(also));
  if (!tokens) return tokens.error();
  return login_result{*std::move(tokens), *std::move(who)};
}

result<login_result> accounts::refresh(std::string_view refresh_token) {
  const result<renewed_session> renewed = sessions_.renew(refresh_token);
  if (!renewed) return renewed.error();
  result<user> who = profile({renewed->user});
  if (!who) return who.error();
  return login_result{sessions_.complete(*renewed, as_caller(*who)), *std::move(who)};
}

result<void> accounts::log_out(const caller& who) { return sessions_.end(who.id, who.session); }

result<std::vector<session_record>> accounts::sessions_of(const caller& who) { return sessions_.list(who.id); }

result<void> accounts::end_session(const caller& who, const uuid& session) {
  const auto all = sessions_.list(who.id);
  if (!all) return all.error();
  for (const session_record& one : *all)
    if (one.id == session) return sessions_.end(who.id, session);
  return not_found("session");
}

}  // namespace spaces::accounts
