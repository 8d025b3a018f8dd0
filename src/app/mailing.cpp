#include "app/mailing.hpp"

#include "platform/mail/emails.hpp"
#include "platform/mail/log/log_mailer.hpp"
#ifdef SPACES_SMTP
#include "platform/mail/smtp/smtp_mailer.hpp"
#endif

#include <filesystem>

namespace spaces::app {

namespace {

/// In the data folder.
constexpr std::string_view outbox_folder = "outbox";

mail::sender sender_of(const configuration& settings) {
  return mail::parse_sender(settings.mail_from).value_or(mail::sender{});
}

#ifdef SPACES_SMTP
mail::smtp_settings smtp_of(const configuration& settings) {
  return {.url = settings.smtp_url,
          .user = settings.smtp_user,
          .password = settings.smtp_password,
          .ca_file = settings.smtp_ca};
}
#endif

}  // namespace

std::string unfit_for_mail(const configuration& settings) {
  if (settings.mail != mail_kind::smtp) return {};
#ifdef SPACES_SMTP
  if (settings.smtp_url.empty())
    return "SPACES_MAIL=smtp needs to know the mail server: set SPACES_SMTP_URL to smtp://host:port or "
           "smtps://host:port.";
  const std::string flaw = mail::flaw_of(smtp_of(settings));
  if (!flaw.empty()) return "SPACES_SMTP_URL is not allowed: " + flaw + '.';
  if (!settings.smtp_ca.empty() && !std::filesystem::exists(settings.smtp_ca))
    return "SPACES_SMTP_CA is '" + settings.smtp_ca + "', and there is no such file.";
  return {};
#else
  return "SPACES_MAIL=smtp: this binary was built without SMTP.";
#endif
}

std::unique_ptr<mail::mailer> make_mailer(const configuration& settings, const clock& clock,
                                          const telemetry::log& log) {
#ifdef SPACES_SMTP
  if (settings.mail == mail_kind::smtp) return mail::make_smtp_mailer(smtp_of(settings), sender_of(settings), clock);
#endif
  return std::make_unique<mail::log_mailer>(std::filesystem::path(settings.data) / outbox_folder, sender_of(settings),
                                            clock, log);
}

accounts::email_options email_options_of(const configuration& settings) {
  // A domain that is not ASCII is no part of a Message-ID (RFC 5322, 3.6.4).
  const mail::sender from = sender_of(settings);
  const std::string domain(from.domain());
  const bool ascii = std::all_of(domain.begin(), domain.end(), [](char c) { return c > ' ' && c <= '~'; });
  return {settings.public_url, ascii ? domain : "localhost"};
}

std::string message_id_of(const configuration& settings, const uuid& job) {
  return to_text(job) + '@' + email_options_of(settings).message_id_domain;
}

jobs::handler test_email_handler(const configuration& settings, mail::mailer& mailer) {
  return [settings, &mailer](const uuid& job, record::item_view details) {
    return mailer.send(mail::test_email({.to = details.find("to").text,
                                         .name = {},
                                         .public_url = settings.public_url,
                                         .token = {},
                                         .message_id = message_id_of(settings, job)}));
  };
}

}  // namespace spaces::app
