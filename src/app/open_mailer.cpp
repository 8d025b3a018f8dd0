#include "app/open_mailer.hpp"

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
  return mail::parse_sender(settings.mail.from).value_or(mail::sender{});
}

#ifdef SPACES_SMTP
mail::smtp_settings smtp_of(const configuration& settings) {
  return {.url = settings.mail.smtp_url,
          .user = settings.mail.smtp_user,
          .password = settings.mail.smtp_password,
          .ca_file = settings.mail.smtp_ca};
}
#endif

}  // namespace

result<void> validate_mail(const configuration& settings) {
  if (settings.mail.kind != mail::mailer_kind::smtp) return {};
#ifdef SPACES_SMTP
  if (settings.mail.smtp_url.empty())
    return malformed(
        "SPACES_MAIL=smtp needs to know the mail server: set SPACES_SMTP_URL to smtp://host:port or "
        "smtps://host:port.");
  if (const auto valid = mail::validate(smtp_of(settings)); !valid)
    return malformed("SPACES_SMTP_URL is not allowed: " + valid.error().public_text + '.');
  if (!settings.mail.smtp_ca.empty() && !std::filesystem::exists(settings.mail.smtp_ca))
    return malformed("SPACES_SMTP_CA is '" + settings.mail.smtp_ca + "', and there is no such file.");
  return {};
#else
  return malformed("SPACES_MAIL=smtp: this binary was built without SMTP.");
#endif
}

std::unique_ptr<mail::mailer> make_mailer(const configuration& settings, const clock& clock,
                                          const telemetry::log& log) {
#ifdef SPACES_SMTP
  if (settings.mail.kind == mail::mailer_kind::smtp)
    return mail::make_smtp_mailer(smtp_of(settings), sender_of(settings), clock);
#endif
  return std::make_unique<mail::log_mailer>(std::filesystem::path(settings.table.data) / outbox_folder,
                                            sender_of(settings), clock, log);
}

mail::site site_of(const configuration& settings) { return {sender_of(settings), settings.mail.public_url}; }

jobs::handler test_email_handler(const configuration& settings, mail::mailer& mailer) {
  return [settings, &mailer](const uuid& job, record::item_view details) {
    return mailer.send(mail::render(test_email, site_of(settings), job, {.to = details.find("to").text, .name = {}}));
  };
}

}  // namespace spaces::app
