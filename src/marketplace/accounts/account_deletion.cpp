// What asks for the password again: to change it, and to leave. And what is held about somebody.
#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"
#include "platform/identity/password_policy.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/record/json.hpp"
#include "platform/record/write.hpp"

#include <utility>

namespace spaces::accounts {

namespace {

/// Somebody may log in at just this moment; then once more.
constexpr int tries_max = 5;

table::put enqueue_erasure(const uuid& user, std::chrono::milliseconds delay, instant now) {
  record::item details;
  details.append("user", record::value::of(std::string_view(to_text(user))));
  return jobs::enqueue({forget_user_job, std::move(details), delay}, make_uuid_v7(now), now);
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += out.back() == '{' ? "\"" : ",\"";
  out.append(name).append("\":");
  record::append_json_string(out, text);
}

}  // namespace

/// The caller's credential when the password is right.
result<credential> accounts::own_credential(const user& who, std::string_view password, std::string_view pointer) {
  const auto kept = credential_of(who.email);
  if (!kept) return kept.error();
  if (!hashes_.check(password, *kept ? &(*kept)->password_hash : nullptr).right)
    return invalid({{std::string(pointer), "wrong-password", "is not your password"}});
  return **kept;
}

result<void> accounts::change_password(const caller& who, const password_change& request, std::string_view address) {
  const result<user> me = profile(who);
  if (!me) return me.error();
  if (const auto flaw = flaw_of_password(request.new_password, {me->email, me->name}, "/newPassword"))
    return invalid({*flaw});
  const std::vector<counted_subject> subjects = login_subjects(me->email, address);
  if (const auto may = throttle_.admit(subjects); !may) return may.error();
  const table::key where = credential_key(canonical_email(me->email).value());
  const std::string hash = hashes_.make(request.new_password);
  result<void> done;
  for (int tries = 0; tries < tries_max; ++tries) {
    result<credential> opens = own_credential(*me, request.current_password, "/currentPassword");
    if (!opens) return opens.error();
    const table::condition unchanged = version_is(opens->version);
    opens->password_hash = hash;
    opens->updated_at = clock_.now();
    ++opens->version;
    std::vector<table::operation> also;
    also.emplace_back(table::put{where, to_item(*opens), {unchanged}});
    append_success(also, subjects);
    done = sessions_.end_all(who.id, who.session, std::move(also));
    if (done || done.error().kind != error_kind::conflict) break;
  }
  return done;
}

result<void> accounts::remove(const caller& who, const account_deletion& request, std::string_view address) {
  result<void> done;
  for (int tries = 0; tries < tries_max; ++tries) {
    const result<user> me = profile(who);
    if (!me) return me.error();
    const std::vector<counted_subject> subjects = login_subjects(me->email, address);
    if (tries == 0)
      if (const auto may = throttle_.admit(subjects); !may) return may.error();
    const result<credential> opens = own_credential(*me, request.password, "/password");
    if (!opens) return opens.error();
    const instant now = clock_.now();
    std::vector<table::operation> also;
    also.emplace_back(table::remove{key_of(me->id), {version_is(me->version)}});
    also.emplace_back(table::remove{credential_key(canonical_email(me->email).value()), {version_is(opens->version)}});
    append_success(also, subjects);
    also.emplace_back(enqueue_erasure(me->id, std::chrono::seconds(0), now));
    also.emplace_back(enqueue_erasure(me->id, forget_again_after, now));
    done = sessions_.end_all(me->id, std::nullopt, std::move(also));
    if (done || done.error().kind != error_kind::conflict) break;
  }
  if (done) bell_.ring();
  return done;
}

result<std::string> accounts::export_of(const caller& who) {
  const result<user> me = profile(who);
  if (!me) return me.error();
  const auto open = sessions_.list(who.id);
  if (!open) return open.error();
  std::string out = "{\"user\":";
  record::append_object(out, user::fields(), &*me, record::on_show);
  out += ",\"sessions\":[";
  for (const session_record& one : *open) {
    if (out.back() == '}') out += ',';
    out += '{';
    append_member(out, "id", to_text(one.id));
    append_member(out, "device", one.device);
    append_member(out, "address", one.address);
    append_member(out, "createdAt", to_text(one.created_at));
    append_member(out, "lastUsedAt", to_text(one.last_used_at));
    out += '}';
  }
  out += ']';
  for (const export_section& section : sections_) {
    const result<std::string> exported = section.json(who.id);
    if (!exported) return exported.error();
    out += ",\"";
    out.append(section.name).append("\":").append(*exported);
  }
  return out += '}';
}

}  // namespace spaces::accounts
