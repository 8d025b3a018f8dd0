/// The e-mails that inquiries send: the other side hears when one arrives, is answered or closed. Each is a job
/// (jobs/jobs.hpp) written in the transaction of what it tells of, so that none is lost and none is told of
/// what did not happen; its id is made of inquiry and event, so that there is one for each.
#pragma once

#include "marketplace/accounts/user.hpp"
#include "marketplace/inquiries/inquiry.hpp"
#include "platform/base/clock.hpp"
#include "platform/feature/feature.hpp"
#include "platform/mail/mail.hpp"
#include "platform/mail/template.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::inquiries {

enum class inquiry_event {
  arrived,   ///< to the owner
  answered,  ///< to the inquirer
  closed,    ///< by one side, to the other
  gone,      ///< the listing was deleted, to the inquirer
};

/// What tells `to` of it.
table::put enqueue_email(inquiry_event event, const inquiry& about, const uuid& to, instant now);

// ---- Ending e-mails of a kind by a link, without a login (RFC 8058).

/// Opaque and sealed: whose e-mails of which kind. Good as long as the store: e-mails are kept for years.
std::string unsubscribe_token(std::string_view store_secret, const uuid& person, accounts::email_kind kind);
struct unsubscription {
  uuid person;
  accounts::email_kind kind;
};
/// Empty for what was not sealed with this secret.
std::optional<unsubscription> read_unsubscribe_token(std::string_view store_secret, std::string_view token);

inline constexpr std::string_view unsubscribe_path = "/api/v1/unsubscribe";

struct email_options {
  mail::site site;
  std::string store_secret;
};

/// Who sends them. Reads inquiry and people when an e-mail goes out: who has left, or turned e-mails
/// of this kind off, gets none. What is handed in outlives them.
std::vector<job_row> email_jobs(table::single_table& table, mail::mailer& mailer, email_options options);

}  // namespace spaces::inquiries
