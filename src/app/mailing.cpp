#include "app/mailing.hpp"

#include "platform/mail/log/log_mailer.hpp"
#ifdef SPACES_SMTP
#include "platform/mail/smtp/smtp_mailer.hpp"
#endif

#include <filesystem>

namespace spaces::app {

namespace {

/// In the data folder.
constexpr std::string_view outbox_folder = "outbox";

constexpr mail::email_template test_email{"E-mails arrive", "", "Hello {name},\n\ne-mails of {site} arrive here.\n",
                                          "<p>Hello {name},</p>\n<p>e-mails of {site} arrive here.</p>\n"};

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

mail::site site_of(const configuration& settings) { return {sender_of(settings), settings.public_url}; }

jobs::handler test_email_handler(const configuration& settings, mail::mailer& mailer) {
  return [settings, &mailer](const uuid& job, record::item_view details) {
    return mailer.send(mail::render(test_email, site_of(settings), job, {.to = details.find("to").text, .name = {}}));
  };
}

}  // namespace spaces::app
