/// Proof that an e-mail address is the caller's: after registering, and when the password is forgotten. None of
/// it tells whether an address has an account: asking counts and writes the same for every address;
/// whether an e-mail goes out is decided later, by the job.
#pragma once

#include "marketplace/accounts/account_context.hpp"
#include "marketplace/accounts/one_time_token.hpp"
#include "marketplace/accounts/user.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/feature/feature.hpp"
#include "platform/identity/passwords.hpp"
#include "platform/identity/sessions.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/mail/mail.hpp"
#include "platform/mail/template.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::accounts {

/// Kinds of the jobs that send the e-mails; their details have the canonical address as `email`.
inline constexpr std::string_view send_verification_kind = "send-verification";
inline constexpr std::string_view send_reset_kind = "send-reset";
inline constexpr std::string_view send_password_changed_kind = "send-password-changed";

/// The job that sends an e-mail, to stand in a transaction (a registration's, say).
table::put enqueue_email(std::string_view kind, std::string_view canonical_email, instant now);

class recovery {
 public:
  /// It must outlive this.
  explicit recovery(account_context& context) : context_(context) {}

  const accounts_options& options() const { return context_.options; }

  /// Asks for an e-mail of the kind, on behalf of a client's address. The same durable work for every e-mail
  /// address; `invalid` where it is none, `limited` when one of the two asked too often.
  result<void> ask_for(std::string_view kind, const email_request& request, std::string_view address);

  /// The address is its owner's from now on. `invalid` (code `not-valid`) for a token that is made up, used,
  /// too old, or of an account that is gone.
  result<void> confirm(const address_proof& shown, std::string_view address, instant deadline);

  /// A new password, which ends every session, and every other token that would reset it. Also confirms the address.
  result<void> reset(const password_reset& request, std::string_view address, instant deadline);

 private:
  struct claim;
  result<claim> claim_of(std::string_view token, token_purpose purpose);
  std::vector<table::operation> confirmed(std::string_view token, const claim& by) const;

  account_context& context_;
};

/// Who sends the e-mails: each try makes a new one-time token, so that none waits in the table.
std::vector<job_row> email_jobs(table::single_table& table, const clock& clock, mail::mailer& mailer, mail::site site);

}  // namespace spaces::accounts
