/// People with accounts: they register, log in, look after their profile, and leave.
#pragma once

#include "marketplace/accounts/account_context.hpp"
#include "marketplace/accounts/export.hpp"
#include "marketplace/accounts/requests.hpp"
#include "marketplace/accounts/user.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/expected_version.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/feature/feature.hpp"
#include "platform/identity/passwords.hpp"
#include "platform/identity/sessions.hpp"
#include "platform/identity/throttle.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/record/read.hpp"
#include "platform/table/table.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::accounts {

/// Somebody may log in at just the moment of a change that ends sessions; then once more.
inline constexpr int change_tries_max = 5;

/// What a login gives.
struct login_result {
  identity::token_pair tokens;
  user who;
};

class accounts {
 public:
  /// The context must outlive this; `store_secret` seals the cursors of exports.
  accounts(account_context& context, std::string_view store_secret) : context_(context), seal_(store_secret) {}

  const accounts_options& options() const { return context_.options; }

  /// Makes an account, and asks for the e-mail that confirms its address. `invalid` for a password against the policy,
  /// `conflict` (type `email-taken`) when the address has an account, `limited` when the client's address asked too
  /// often. Of many concurrent ones for one e-mail address one is made, and no part of the others.
  result<user> register_user(const registration& request, std::string_view address);

  /// `unauthenticated` (type `wrong-credentials`) for an unknown address and for a wrong password, at the
  /// same cost and in the same words; `limited` after too many of them.
  result<login_result> log_in(const login& given, const identity::session_origin& from);
  /// Goes on with a session: the next pair of tokens, with what is true of the person now.
  result<login_result> refresh(std::string_view refresh_token, std::string_view address);
  result<void> log_out(const caller& who, std::string_view address);

  /// The caller's own. `unauthenticated` when the account is gone.
  result<user> profile(const caller& who);

  /// Changes the given fields; `precondition_failed` when the version is another than expected. What it
  /// changes of the token's claims (userType) holds from the next token on.
  result<user> change(const caller& who, const record::draft<user>& changes, const expected_version& expected,
                      instant deadline);

  /// Ends e-mails of a kind to this person, as a link in them asks. Once more, or when the account is gone,
  /// nothing changes.
  result<void> turn_off(const uuid& person, email_kind kind, instant deadline);

  /// `invalid` when the present password is wrong or the new one is against the policy. Ends all other
  /// sessions.
  result<void> change_password(const caller& who, const password_change& request, std::string_view address);

  /// Removes profile and credential and ends every session, in one transaction, which also asks for the job
  /// that withdraws what the person published. `invalid` when the password is wrong.
  result<void> remove(const caller& who, const account_deletion& request, std::string_view address);

  result<std::vector<identity::session_record>> sessions_of(const caller& who);
  /// `not_found` when the caller has no such session.
  result<void> end_session(const caller& who, const uuid& session, std::string_view address);

  /// Everything that is held about the caller, a page at a time: profile, sessions and what features hold. `invalid`
  /// for a cursor that is not of this person's export, `unavailable` (with when to come again) while another page of
  /// theirs, or as many as `export_pages_max`, are being made.
  result<export_page> export_page_of(const caller& who, const std::optional<std::string>& cursor);
  /// What features hold about people, for `export_page_of`. Before the first request.
  void use_export_sections(std::vector<export_section> sections) { sections_ = std::move(sections); }

  /// Calls `show` with each place in `ids` whose account is there, in their order, and how they are reached now; what
  /// it is given lives as long as the call. Ids may come twice; at most `table::batch_keys_max` different ones.
  result<void> contacts(std::span<const uuid> ids, function_ref<void(std::size_t place, const contact& who)> show);

 private:
  result<login_result> try_log_in(const login& given, const identity::session_origin& from,
                                  const std::optional<credential>& kept,
                                  const std::vector<identity::counted_subject>& counted);
  result<credential> own_credential(const user& me, std::string_view password, std::string_view pointer);

  result<std::string> export_head(const caller& who);

  account_context& context_;
  std::vector<export_section> sections_;
  table::cursor_seal seal_;
  export_gate gate_;
};

}  // namespace spaces::accounts
