#include "marketplace/accounts/administration.hpp"

#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"
#include "marketplace/accounts/user_jobs.hpp"
#include "platform/base/folding.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/table/entity.hpp"

#include <algorithm>
#include <utility>

namespace spaces::accounts {

namespace {

table::put enqueue_notice(std::string_view kind, std::string_view canonical, std::string_view reason, instant now) {
  record::item details;
  details.append("email", record::value::of(canonical));
  details.append("reason", record::value::of(reason));
  return jobs::enqueue({kind, std::move(details)}, make_uuid_v7(now), now);
}

bool admits(const user_filter& which, const std::string& folded_text, const user& one) {
  if (which.suspended && !one.suspended_because) return false;
  if (which.unconfirmed && one.verified) return false;
  return folded_text.empty() || fold(one.email).find(folded_text) != std::string::npos ||
         fold(one.name).find(folded_text) != std::string::npos;
}

error never_quiet() { return unavailable("a user was changed by others at every try until the deadline"); }

}  // namespace

result<void> administration::list(const user_filter& which, function_ref<bool(const user&)> visit) {
  const std::string text = fold(which.text);
  result<void> outcome;
  const auto walked = table_.walk(std::nullopt, [&](table::key_view key, record::item_view stored) {
    if (!key.pk.starts_with("USER#") || key.sk != key_of(uuid{}).sk) return true;
    const std::optional<user> one = to_user(stored);
    if (!one) {
      outcome = table::damaged(key);
      return false;
    }
    return !admits(which, text, *one) || visit(*one);
  });
  return walked ? outcome : walked;
}

result<user> administration::find(std::string_view id_or_email) {
  std::optional<uuid> id = parse_uuid(id_or_email);
  if (const auto canonical = canonical_email(id_or_email); !id && canonical) {
    const auto stored = table_.get(credential_key(*canonical), table::consistency::strong);
    if (!stored) return stored.error();
    const auto opens = *stored ? to_credential((*stored)->view()) : std::nullopt;
    if (opens) id = opens->user_id;
  }
  if (!id) return not_found("user: " + std::string(id_or_email));
  const auto stored = table_.get(key_of(*id), table::consistency::strong);
  if (!stored) return stored.error();
  if (!*stored) return not_found("user: " + std::string(id_or_email));
  std::optional<user> found = to_user((*stored)->view());
  if (!found) return table::damaged(key_of(*id));
  return *std::move(found);
}

result<void> administration::set_suspension(const uuid& id, const std::string& reason, bool suspended,
                                            const std::vector<table::operation>& also, instant deadline) {
  do {
    result<user> who = find(to_text(id));
    if (!who) return who.error();
    if (who->suspended_because.has_value() == suspended)
      return conflict(suspended ? "This account is suspended already" : "This account is not suspended");
    const std::string canonical = canonical_email(who->email).value_or(who->email);
    const auto stored = table_.get(credential_key(canonical), table::consistency::strong);
    if (!stored) return stored.error();
    std::optional<credential> opens = *stored ? to_credential((*stored)->view()) : std::nullopt;
    if (!opens) return table::damaged("the credential of user " + to_text(id));
    const instant now = clock_.now();
    std::vector<table::operation> operations = also;
    const table::condition same_user = version_is(who->version);
    who->suspended_because = suspended ? std::optional(reason) : std::nullopt;
    who->updated_at = std::max(now, who->created_at);
    ++who->version;
    operations.emplace_back(table::put{key_of(id), to_item(*who), {same_user}});
    // A login that has checked the password meanwhile finds another version, and looks again.
    const table::condition same_credential = version_is(opens->version);
    ++opens->version;
    operations.emplace_back(table::put{credential_key(canonical), to_item(*opens), {same_credential}});
    enqueue_twice(operations, apply_suspension_job, id, apply_again_after, now);
    operations.emplace_back(
        enqueue_notice(suspended ? send_suspended_kind : send_restored_kind, canonical, reason, now));
    auto done = sessions_.end_all(id, std::nullopt, std::move(operations), {suspended ? "suspended" : "restored"});
    if (done || done.error().kind != error_kind::conflict) return done;
  } while (clock_.now() < deadline);
  return never_quiet();
}

result<void> administration::suspend(const uuid& id, const std::string& reason,
                                     const std::vector<table::operation>& also, instant deadline) {
  return set_suspension(id, reason, true, also, deadline);
}

result<void> administration::restore(const uuid& id, const std::string& reason,
                                     const std::vector<table::operation>& also, instant deadline) {
  return set_suspension(id, reason, false, also, deadline);
}

result<void> administration::end_sessions(const uuid& id, const std::vector<table::operation>& also, instant deadline) {
  do {
    auto done = sessions_.end_all(id, std::nullopt, also, {"by-an-operator"});
    if (done || done.error().kind != error_kind::conflict) return done;
  } while (clock_.now() < deadline);
  return never_quiet();
}

result<void> administration::confirm_email(const uuid& id, const std::vector<table::operation>& also,
                                           instant deadline) {
  do {
    result<user> who = find(to_text(id));
    if (!who) return who.error();
    if (who->verified) return conflict("The e-mail address is confirmed already");
    const table::condition unchanged = version_is(who->version);
    who->verified = true;
    who->updated_at = std::max(clock_.now(), who->created_at);
    ++who->version;
    std::vector<table::operation> operations = also;
    operations.emplace_back(table::put{key_of(id), to_item(*who), {unchanged}});
    const auto written = table_.write(std::move(operations));
    if (!written) return written.error();
    if (!*written) return {};
  } while (clock_.now() < deadline);
  return never_quiet();
}

}  // namespace spaces::accounts
