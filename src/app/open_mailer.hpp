/// How this deployment's e-mails go out.
#pragma once

#include "app/configuration.hpp"
#include "platform/base/clock.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/mail/mail.hpp"
#include "platform/mail/template.hpp"
#include "platform/telemetry/log.hpp"

#include <memory>

namespace spaces::app {

/// An error says what is wrong with the settings for mail, in one sentence for the operator.
result<void> validate_mail(const configuration& settings);

/// The carrier of e-mails that the settings name; they are valid.
std::unique_ptr<mail::mailer> make_mailer(const configuration& settings, const clock& clock, const telemetry::log& log);

/// What e-mails say of the deployment.
mail::site site_of(const configuration& settings);

/// An e-mail that says that e-mails arrive: what `spaces mail` sends, now or as a job of this kind, whose
/// details have the address as `to`.
inline constexpr std::string_view test_email_kind = "send-test";
jobs::handler test_email_handler(const configuration& settings, mail::mailer& mailer);

}  // namespace spaces::app
