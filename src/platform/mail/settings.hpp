/// How e-mails go out, and what they say of where people reach us.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/setting.hpp"
#include "platform/mail/mail.hpp"

#include <string>
#include <string_view>

namespace spaces::mail {

enum class mailer_kind { log, smtp };

struct settings {
  mailer_kind kind = mailer_kind::log;
  bool allow_log = false;
  std::string from = "Lifestyle Spaces <no-reply@localhost>";
  std::string public_url = "http://127.0.0.1:8080";  ///< without a slash at its end
  std::string smtp_url;
  std::string smtp_user;
  std::string smtp_password;
  std::string smtp_ca;
};

inline bool read_from(settings& into, std::string_view text) {
  into.from = text;
  return parse_sender(text).has_value();
}

inline bool read_public_url(settings& into, std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  into.public_url = text;
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  return web && !text.ends_with(':') && text.find_first_of(" \"<>#?") == std::string_view::npos;
}

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_PUBLIC_URL", "--public-url", "http://127.0.0.1:8080", "http:// or https:// and a host",
     "Where people reach us: what links in e-mails begin with", false, read_public_url},
    {"SPACES_MAIL", "--mail", "log", "log, smtp", "How e-mails go out; log keeps them in the data folder", false,
     [](settings& into, std::string_view text) {
       return setting_value::read_choice(into.kind, text, {"log", "smtp"});
     }},
    {"SPACES_ALLOW_LOG_MAIL", "--allow-log-mail", "false", setting_value::booleans,
     "Production whose e-mails stay in the data folder, where nobody gets them", false,
     [](settings& into, std::string_view text) { return setting_value::read_flag(into.allow_log, text); }},
    {"SPACES_MAIL_FROM", "--mail-from", "Lifestyle Spaces <no-reply@localhost>", "address, or name <address>",
     "Whom e-mails are from", false, read_from},
    {"SPACES_SMTP_URL", "--smtp-url", "", "smtp://host:port (STARTTLS), smtps://host:port", "The mail server", false,
     [](settings& into, std::string_view text) { return setting_value::read_text(into.smtp_url, text); }},
    {"SPACES_SMTP_CA", "--smtp-ca", "", "a file of certificates in PEM",
     "What the mail server's certificate is checked against; the machine's roots unless given", false,
     [](settings& into, std::string_view text) { return setting_value::read_text(into.smtp_ca, text); }},
    {"SPACES_SMTP_USER", "--smtp-user", "", "a name", "Who we are to the mail server", false,
     [](settings& into, std::string_view text) { return setting_value::read_text(into.smtp_user, text); }},
    {"SPACES_SMTP_PASSWORD", "", "", "a password", "Of SPACES_SMTP_USER", true,
     [](settings& into, std::string_view text) { return into.smtp_password = text, true; }},
};

inline result<void> validate_for_production(const settings& given) {
  if (given.kind != mailer_kind::log || given.allow_log) return {};
  return malformed(
      "ENVIRONMENT=production sends e-mails: SPACES_MAIL is log, which keeps them, with links that open accounts, in "
      "the data folder, and nobody could confirm an address. Set SPACES_MAIL=smtp and SPACES_SMTP_URL, or "
      "SPACES_ALLOW_LOG_MAIL=true.");
}

}  // namespace spaces::mail
