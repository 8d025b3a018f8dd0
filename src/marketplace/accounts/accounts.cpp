#include "marketplace/accounts/accounts.hpp"

#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"
#include "marketplace/accounts/problems.hpp"
#include "marketplace/accounts/recovery.hpp"
#include "platform/identity/password_policy.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>
#include <utility>

namespace spaces::accounts {

namespace {

error email_taken() {
  return error_of(problems::email_taken, "This e-mail address has an account; log in, or ask for a new password");
}

user new_user(const registration& request, instant now) {
  user made;
  made.id = make_uuid_v7(now);
  made.email = request.email;
  made.name = request.name;
  made.phone_number = request.phone_number;
  made.user_type = request.user_type;
  made.created_at = made.updated_at = now;
  made.version = 1;
  return made;
}

credential new_credential(const user& of, std::string hash) {
  credential made;
  made.user_id = of.id;
  made.password_hash = std::move(hash);
  made.created_at = made.updated_at = of.created_at;
  made.version = 1;
  return made;
}

}  // namespace

result<user> accounts::register_user(const registration& request, std::string_view address) {
  const auto valid = context_.options.passwords.validate(request.password, {request.email, request.name}, "/password");
  if (!valid) return valid.error();
  if (const auto may = context_.attempts.admit_registration(address); !may)
    return context_.reported({.name = "registration-limited", .address = address}, may.error());
  const auto there = context_.credential_of(request.email);
  if (!there) return there.error();
  // Looked for again below; here it saves the hashing.
  if (*there)
    return context_.reported({"registration-refused", (*there)->user_id, address, {}, "email-taken"}, email_taken());
  user made = new_user(request, context_.clock.now());
  credential opens = new_credential(made, context_.hashes.make(request.password));
  learn(opens, address);
  const std::string canonical = canonical_email(made.email).value();
  std::vector<table::operation> operations;
  operations.emplace_back(table::put{credential_key(canonical), to_item(opens), {table::absent{}}});
  operations.emplace_back(table::put{key_of(made.id), to_item(made), {table::absent{}}});
  operations.emplace_back(enqueue_email(send_verification_kind, canonical, made.created_at));
  const auto written = context_.table.write(std::move(operations));
  if (!written) return written.error();
  if (*written) {
    if ((*written)->operation == 0) return email_taken();
    return internal("a new id was there already: " + to_text(made.id));
  }
  context_.bell.ring();
  context_.events.write({"registered", made.id, address});
  return made;
}

result<user> accounts::profile(const caller& who) {
  const auto stored = context_.table.get(key_of(who.id), table::consistency::strong);
  if (!stored) return stored.error();
  if (!*stored) return account_gone();
  std::optional<user> found = to_user((*stored)->view());
  if (!found) return table::damaged(key_of(who.id));
  return *std::move(found);
}

result<user> accounts::change(const caller& who, const record::draft<user>& changes, const expected_version& expected,
                              instant deadline) {
  user after;
  const auto written = table::revise(
      context_.table, key_of(who.id), context_.clock, deadline,
      [&](const record::item* stored) -> result<table::revision> {
        if (!stored) return account_gone();
        std::optional<user> before = to_user(stored->view());
        if (!before) return table::damaged(key_of(who.id));
        if (!expected.admits(before->version)) {
          error stale = conflict("Your profile has version " + std::to_string(before->version) + " now; read it again");
          stale.kind = error_kind::precondition_failed;
          return stale;
        }
        const auto real = changes.against(*before);
        if (!real) return real.error();
        after = real->apply(*std::move(before));
        after.updated_at = std::max(context_.clock.now(), after.created_at);
        ++after.version;
        return table::revision{to_item(after)};
      });
  if (!written) return written.error();
  return after;
}

result<void> accounts::turn_off(const uuid& person, email_kind kind, instant deadline) {
  bool nothing_to_do = false;
  const auto written = table::revise(context_.table, key_of(person), context_.clock, deadline,
                                     [&](const record::item* stored) -> result<table::revision> {
                                       nothing_to_do = !stored;
                                       if (nothing_to_do) return account_gone();
                                       std::optional<user> after = to_user(stored->view());
                                       if (!after) return table::damaged(key_of(person));
                                       nothing_to_do = !after->wants(kind);
                                       if (nothing_to_do) return conflict("turned off before");
                                       after->turn_off(kind);
                                       after->updated_at = std::max(context_.clock.now(), after->created_at);
                                       ++after->version;
                                       return table::revision{to_item(*after)};
                                     });
  if (!written && !nothing_to_do) return written.error();
  return {};
}

result<void> accounts::contacts(std::span<const uuid> ids,
                                function_ref<void(std::size_t place, const contact& who)> show) {
  std::vector<uuid> distinct(ids.begin(), ids.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<table::key> keys;
  keys.reserve(distinct.size());
  for (const uuid& id : distinct) keys.push_back(key_of(id));
  const auto found = context_.table.read_batch(keys, table::consistency::eventual);
  if (!found) return found.error();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto at =
        static_cast<std::size_t>(std::lower_bound(distinct.begin(), distinct.end(), ids[i]) - distinct.begin());
    const std::optional<record::item>& stored = (*found)[at];
    if (!stored) continue;
    const std::optional<contact> read = to_contact(stored->view());
    if (!read) return table::damaged(key_of(ids[i]));
    show(i, *read);
  }
  return {};
}

}  // namespace spaces::accounts
