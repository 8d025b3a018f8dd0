// A new password by the caller, who shows the present one.
#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"

#include <utility>

namespace spaces::accounts {

/// The caller's credential when the password is right. Attempts count for the session: a stranger without one keeps
/// nobody from it.
result<credential> accounts::own_credential(const user& me, std::string_view password, std::string_view pointer) {
  const auto kept = context_.credential_of(me.email);
  if (!kept) return kept.error();
  if (!context_.hashes.check(password, *kept ? &(*kept)->password_hash : nullptr).right)
    return invalid({{std::string(pointer), "wrong-password", "is not your password"}});
  return **kept;
}

result<void> accounts::change_password(const caller& who, const password_change& request, std::string_view address) {
  const auto refused = [&](const error& failure, std::string_view why) {
    return context_.reported({"password-change-refused", who.id, address, {}, why}, failure);
  };
  const result<user> me = profile(who);
  if (!me) return me.error();
  const auto valid = context_.options.passwords.validate(request.new_password, {me->email, me->name}, "/newPassword");
  if (!valid) return valid.error();
  const auto counted = context_.attempts.admit_session(who.session);
  if (!counted) return refused(counted.error(), "limited");
  const std::string canonical = canonical_email(me->email).value();
  const std::string hash = context_.hashes.make(request.new_password);
  result<void> done;
  for (int tries = 0; tries < change_tries_max; ++tries) {
    result<credential> opens = own_credential(*me, request.current_password, "/currentPassword");
    if (!opens) return refused(opens.error(), "wrong-password");
    const table::condition unchanged = version_is(opens->version);
    opens->password_hash = hash;
    opens->updated_at = context_.clock.now();
    ++opens->version;
    // Who knew the old password may have been at the addresses that it was used from.
    opens->known_addresses.clear();
    learn(*opens, address);
    std::vector<table::operation> also;
    also.emplace_back(table::put{credential_key(canonical), to_item(*opens), {unchanged}});
    context_.attempts.append_success(also, *counted);
    done = context_.sessions.end_all(who.id, who.session, std::move(also), {"password-changed", address});
    if (done || done.error().kind != error_kind::conflict) break;
  }
  if (!done) return done;
  context_.events.write({"password-changed", who.id, address});
  return done;
}

}  // namespace spaces::accounts
