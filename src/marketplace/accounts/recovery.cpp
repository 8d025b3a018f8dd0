#include "marketplace/accounts/recovery.hpp"

#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"
#include "platform/identity/password_policy.hpp"
#include "platform/table/entity.hpp"

#include <algorithm>
#include <utility>

namespace spaces::accounts {

namespace {

/// In the words of every case alike: what is made up and what was used are one to who tries.
error not_valid() {
  return invalid({{"/token", "not-valid", "is not valid, was used already or is too old; ask for another e-mail"}});
}

}  // namespace

/// What a token stands for, as it is now.
struct recovery::claim {
  one_time_token token;
  user who;
  credential opens;
};

table::put enqueue_email(std::string_view kind, std::string_view canonical_email, instant now) {
  record::item details;
  details.append("email", record::value::of(canonical_email));
  return jobs::enqueue({kind, std::move(details)}, make_uuid_v7(now), now);
}

result<void> recovery::ask_for(std::string_view kind, const email_request& request, std::string_view address) {
  const auto canonical = canonical_email(request.email);
  if (!canonical) return invalid({{"/email", "not-an-email", "must be an e-mail address"}});
  // Counted for every address alike, with an account or without.
  const auto account = context_.credential_of(*canonical);
  if (!account) return account.error();
  const std::optional<uuid> user = *account ? std::optional((*account)->user_id) : std::nullopt;
  if (const auto may = context_.attempts.admit_email(*canonical, *account, address); !may)
    return context_.reported({"email-request-limited", user, address, {}, kind}, may.error());
  const auto written = context_.table.write({enqueue_email(kind, *canonical, context_.clock.now())});
  if (!written) return written.error();
  context_.bell.ring();
  context_.events.write({"email-requested", user, address, {}, kind});
  return {};
}

result<recovery::claim> recovery::claim_of(std::string_view token, token_purpose purpose) {
  const auto kept = context_.table.get(one_time_key(token), table::consistency::strong);
  if (!kept) return kept.error();
  if (!*kept) return not_valid();
  const std::optional<one_time_token> found = to_one_time_token((*kept)->view());
  if (!found) return table::damaged("a one-time token");
  if (found->purpose != purpose) return not_valid();
  const auto person = context_.table.get(key_of(found->user_id), table::consistency::strong);
  if (!person) return person.error();
  const auto door = context_.table.get(credential_key(found->email), table::consistency::strong);
  if (!door) return door.error();
  if (!*person || !*door) return not_valid();
  std::optional<user> who = to_user((*person)->view());
  std::optional<credential> opens = to_credential((*door)->view());
  if (!who || !opens) return table::damaged(key_of(found->user_id));
  // The address may have gone to somebody else since.
  if (opens->user_id != who->id) return not_valid();
  return claim{*found, *std::move(who), *std::move(opens)};
}

/// The token is gone and the address is its owner's, in one transaction.
std::vector<table::operation> recovery::confirmed(std::string_view token, const claim& by) const {
  std::vector<table::operation> operations;
  operations.emplace_back(table::remove{one_time_key(token), {table::exists{}}});
  if (by.who.verified) return operations;
  user after = by.who;
  after.verified = true;
  after.updated_at = std::max(context_.clock.now(), after.created_at);
  ++after.version;
  operations.emplace_back(table::put{key_of(after.id), to_item(after), {version_is(by.who.version)}});
  return operations;
}

result<void> recovery::confirm(const address_proof& shown, std::string_view address, instant deadline) {
  do {
    const auto by = claim_of(shown.token, token_purpose::verify);
    if (!by) return by.error();
    const auto written = context_.table.write(confirmed(shown.token, *by));
    if (!written) return written.error();
    if (!*written) {
      context_.events.write({"address-confirmed", by->who.id, address});
      return {};
    }
  } while (context_.clock.now() < deadline);
  return unavailable("a user was changed by others at every try until the deadline");
}

result<void> recovery::reset(const password_reset& request, std::string_view address, instant deadline) {
  std::string hash;
  do {
    const auto by = claim_of(request.token, token_purpose::reset);
    if (!by) return by.error();
    if (by->opens.version != by->token.credential_version) return not_valid();
    const auto& policy = context_.options.passwords;
    if (const auto valid = policy.validate(request.password, {by->who.email, by->who.name}, "/password"); !valid)
      return valid.error();
    if (hash.empty()) hash = context_.hashes.make(request.password);
    credential after = by->opens;
    after.password_hash = hash;
    // Somebody else may have known the old password. Who reads the mailbox is the owner, and will log in from here:
    // strangers who go on guessing must not come first.
    after.known_addresses.clear();
    learn(after, address);
    after.updated_at = std::max(context_.clock.now(), after.created_at);
    ++after.version;
    std::vector<table::operation> operations = confirmed(request.token, *by);
    operations.emplace_back(
        table::put{credential_key(by->token.email), to_item(after), {version_is(by->opens.version)}});
    operations.emplace_back(enqueue_email(send_password_changed_kind, by->token.email, context_.clock.now()));
    // Anyone who knew the old password is out.
    const auto ended =
        context_.sessions.end_all(by->who.id, std::nullopt, std::move(operations), {"password-reset", address});
    if (ended) {
      context_.bell.ring();
      context_.events.write({"password-reset", by->who.id, address});
      return {};
    }
    if (ended.error().kind != error_kind::conflict) return ended.error();
  } while (context_.clock.now() < deadline);
  return unavailable("a user was changed by others at every try until the deadline");
}

}  // namespace spaces::accounts
