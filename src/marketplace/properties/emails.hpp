/// The e-mails about listings: an operator took one down, or restored it. A job (jobs/jobs.hpp) written in the
/// transaction of what it tells of.
#pragma once

#include "marketplace/properties/property.hpp"
#include "platform/base/clock.hpp"
#include "platform/feature/feature.hpp"
#include "platform/mail/mail.hpp"
#include "platform/mail/template.hpp"
#include "platform/table/table.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// Tells the owner of a listing that was taken down, or is not taken down any more, and why. One for each version of
/// the listing.
table::put enqueue_decision_email(const property& listing, std::string_view reason, instant now);

/// Whom an e-mail goes to.
struct recipient {
  std::string email;
  std::string name;  ///< empty where e-mails have none
};
/// Of a person, by id; empty for who has left.
using recipient_of = std::function<result<std::optional<recipient>>(const uuid& person)>;

/// Who sends them. The mailer outlives the handlers.
std::vector<job_row> email_jobs(mail::mailer& mailer, mail::site site, recipient_of find);

}  // namespace spaces::properties
