/// The e-mails about listings: an operator took one down. A job (jobs/jobs.hpp) written in the transaction of what it
/// tells of.
#pragma once

#include "marketplace/properties/property.hpp"
#include "platform/base/clock.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/mail/mail.hpp"
#include "platform/mail/template.hpp"
#include "platform/table/table.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::properties {

/// Tells the owner of a listing that was taken down, and why. One for each version of the listing.
table::put enqueue_taken_down(const property& listing, instant now);

/// Whom an e-mail goes to.
struct recipient {
  std::string email;
  std::string name;
};
/// Of a person, by id; empty for who has left.
using recipient_of = std::function<result<std::optional<recipient>>(const uuid& person)>;

/// The kind of job that tells of a listing taken down, and who does it. The mailer outlives the handler.
inline constexpr std::string_view taken_down_job = "notify-listing-taken-down";
jobs::handler taken_down_handler(mail::mailer& mailer, mail::site site, recipient_of find);

}  // namespace spaces::properties
