// Logging in and going on.
#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"
#include "marketplace/accounts/problems.hpp"
#include "platform/base/text.hpp"
#include "platform/table/entity.hpp"

#include <algorithm>
#include <utility>

namespace spaces::accounts {

namespace {

/// A login that finds its credential changed while it hashed looks again: a renewed hash is no new password.
constexpr int login_tries_max = 3;

error wrong_credentials() {
  return error_of(problems::wrong_credentials, "The e-mail address or the password is wrong");
}

/// The event that a login that failed is.
telemetry::security_event event_of(const error& failure, const std::optional<credential>& account) {
  telemetry::security_event made{.name = "login-failed"};
  if (account) made.account = account->user_id;
  if (failure.kind == error_kind::limited)
    made.name = "login-limited";
  else if (failure.kind == error_kind::forbidden)
    made.why = "suspended";
  else if (failure.kind == error_kind::unauthenticated)
    made.why = account ? "wrong-password" : "no-account";
  else
    made.why = "changed-meanwhile";
  return made;
}

}  // namespace

result<login_result> accounts::log_in(const login& given, const identity::session_origin& from) {
  const auto refused = [&](const error& failure, const std::optional<credential>& account) {
    telemetry::security_event event = event_of(failure, account);
    event.address = from.address;
    return context_.reported(event, failure);
  };
  auto kept = context_.credential_of(given.email);
  if (!kept) return kept.error();
  const std::string subject = canonical_email(given.email).value_or(lower_ascii(given.email));
  const auto counted = context_.attempts.admit_login(subject, *kept, from.address);
  if (!counted) return refused(counted.error(), *kept);
  result<login_result> opened = try_log_in(given, from, *kept, *counted);
  for (int tries = 1; !opened && opened.error().kind == error_kind::conflict && tries < login_tries_max; ++tries) {
    kept = context_.credential_of(given.email);
    if (!kept) return kept.error();
    opened = try_log_in(given, from, *kept, *counted);
  }
  if (!opened) return refused(opened.error(), *kept);
  context_.events.write({"login-succeeded", opened->who.id, from.address});
  return opened;
}

result<login_result> accounts::try_log_in(const login& given, const identity::session_origin& from,
                                          const std::optional<credential>& kept,
                                          const std::vector<identity::counted_subject>& counted) {
  const auto verdict = context_.hashes.check(given.password, kept ? &kept->password_hash : nullptr);
  if (!verdict.right) return wrong_credentials();
  credential opens = *kept;
  const table::key where = credential_key(canonical_email(given.email).value());
  const auto stored = context_.table.get(key_of(opens.user_id), table::consistency::strong);
  if (!stored) return stored.error();
  if (!*stored) return wrong_credentials();  // it was just deleted
  std::optional<user> who = to_user((*stored)->view());
  if (!who) return table::damaged(key_of(opens.user_id));
  if (who->suspended_because) return account_suspended(*who);

  // A password change, a suspension or a deletion while we hashed has ended this login, too.
  std::vector<table::operation> also;
  const table::condition unchanged = version_is(opens.version);
  const bool learnt = learn(opens, from.address);
  if (verdict.renew) {
    opens.password_hash = context_.hashes.make(given.password);
    opens.updated_at = context_.clock.now();
    ++opens.version;
  }
  if (learnt || verdict.renew)
    also.emplace_back(table::put{where, to_item(opens), {unchanged}});
  else
    also.emplace_back(table::check{where, {unchanged}});
  context_.attempts.append_success(also, counted);
  result<identity::token_pair> tokens = context_.sessions.open(as_caller(*who), from, std::move(also));
  if (!tokens) return tokens.error();
  return login_result{*std::move(tokens), *std::move(who)};
}

result<login_result> accounts::refresh(std::string_view refresh_token, std::string_view address) {
  const auto refused = [&](const error& failure, std::optional<uuid> account) {
    return context_.reported({"refresh-refused", account, address, {}, failure.private_text}, failure);
  };
  const result<identity::renewed_session> renewed = context_.sessions.renew(refresh_token, address);
  if (!renewed) return refused(renewed.error(), renewed.error().account);
  result<user> who = profile({renewed->user});
  if (!who) return refused(who.error(), renewed->user);
  if (who->suspended_because) return refused(account_suspended(*who), renewed->user);
  context_.events.write({"token-refreshed", renewed->user, address});
  return login_result{context_.sessions.complete(*renewed, as_caller(*who)), *std::move(who)};
}

result<void> accounts::log_out(const caller& who, std::string_view address) {
  return context_.sessions.end(who.id, who.session, {"logout", address});
}

result<std::vector<identity::session_record>> accounts::sessions_of(const caller& who) {
  return context_.sessions.list(who.id);
}

result<void> accounts::end_session(const caller& who, const uuid& session, std::string_view address) {
  const auto all = context_.sessions.list(who.id);
  if (!all) return all.error();
  if (std::ranges::find(*all, session, &identity::session_record::id) == all->end()) return not_found("session");
  return context_.sessions.end(who.id, session, {"by-its-owner", address});
}

}  // namespace spaces::accounts
