// The caller's account goes, for its password.
#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"
#include "marketplace/accounts/user_jobs.hpp"

#include <utility>

namespace spaces::accounts {

result<void> accounts::remove(const caller& who, const account_deletion& request, std::string_view address) {
  const auto refused = [&](const error& failure, std::string_view why) {
    return context_.reported({"account-deletion-refused", who.id, address, {}, why}, failure);
  };
  const auto counted = context_.attempts.admit_session(who.session);
  if (!counted) return refused(counted.error(), "limited");
  result<void> done;
  for (int tries = 0; tries < change_tries_max; ++tries) {
    const result<user> me = profile(who);
    if (!me) return me.error();
    const result<credential> opens = own_credential(*me, request.password, "/password");
    if (!opens) return refused(opens.error(), "wrong-password");
    std::vector<table::operation> also;
    also.emplace_back(table::remove{key_of(me->id), {version_is(me->version)}});
    also.emplace_back(table::remove{credential_key(canonical_email(me->email).value()), {version_is(opens->version)}});
    context_.attempts.append_success(also, *counted);
    enqueue_twice(also, forget_user_job, me->id, forget_again_after, context_.clock.now());
    done = context_.sessions.end_all(me->id, std::nullopt, std::move(also), {"account-deleted", address});
    if (done || done.error().kind != error_kind::conflict) break;
  }
  if (!done) return done;
  context_.bell.ring();
  context_.events.write({"account-deleted", who.id, address});
  return done;
}

}  // namespace spaces::accounts
