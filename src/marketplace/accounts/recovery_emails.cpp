#include "marketplace/accounts/administration.hpp"
#include "marketplace/accounts/recovery.hpp"
#include "platform/mail/template.hpp"
#include "platform/table/entity.hpp"

namespace spaces::accounts {

namespace {

/// Asks for an answer from the address. Without the name: anybody may have registered, and written what they like
/// there.
constexpr mail::email_template verification{
    "Please confirm your e-mail address", "/verify-email",
    "Hello,\n\n"
    "please confirm that this address is yours:\n\n"
    "{link}\n\n"
    "Or give this code where you are asked for it:\n\n"
    "{token}\n\n"
    "It is good for 24 hours. If you did not register at {site}, do nothing.\n",
    "<p>Hello,</p>\n"
    "<p>please confirm that this address is yours:</p>\n"
    "<p><a href=\"{link}\">Confirm my e-mail address</a></p>\n"
    "<p>Or give this code where you are asked for it:</p>\n"
    "<p><code>{token}</code></p>\n"
    "<p>It is good for 24 hours. If you did not register at {site}, do nothing.</p>\n"};

/// Brings a new password. Without the name, as the address need not be confirmed.
constexpr mail::email_template reset{
    "Choose a new password", "/reset-password",
    "Hello,\n\n"
    "somebody, we hope you, asked for a new password. Choose it here:\n\n"
    "{link}\n\n"
    "Or give this code where you are asked for it:\n\n"
    "{token}\n\n"
    "It is good for 30 minutes and once. If you did not ask, do nothing: your password stays as it is.\n",
    "<p>Hello,</p>\n"
    "<p>somebody, we hope you, asked for a new password:</p>\n"
    "<p><a href=\"{link}\">Choose a new password</a></p>\n"
    "<p>Or give this code where you are asked for it:</p>\n"
    "<p><code>{token}</code></p>\n"
    "<p>It is good for 30 minutes and once. If you did not ask, do nothing: your password stays as it is.</p>\n"};

/// So that the owner of an account hears of it when somebody else changed the password.
constexpr mail::email_template password_changed{
    "Your password was changed", "/forgot-password",
    "Hello {name},\n\n"
    "the password of your account was changed. If it was not you, choose a new one immediately:\n\n"
    "{link}\n",
    "<p>Hello {name},</p>\n"
    "<p>the password of your account was changed. If it was not you,\n"
    "<a href=\"{link}\">choose a new one</a> immediately.</p>\n"};

/// What an operator decided, and why.
constexpr mail::email_template suspended{
    "Your account was suspended", "",
    "Hello,\n\n"
    "your account at {site} was suspended. You cannot log in, and your listings are not shown. The reason:\n\n"
    "{reason}\n\n"
    "If you think that this is a mistake, answer to the people who run {site}.\n",
    "<p>Hello,</p>\n"
    "<p>your account at {site} was suspended. You cannot log in, and your listings are not shown. The reason:</p>\n"
    "<p>{reason}</p>\n"
    "<p>If you think that this is a mistake, answer to the people who run {site}.</p>\n"};
constexpr mail::email_template restored{
    "Your account is open again", "",
    "Hello,\n\n"
    "your account at {site} is open again: you can log in, and your listings are shown as before.\n\n"
    "{reason}\n",
    "<p>Hello,</p>\n"
    "<p>your account at {site} is open again: you can log in, and your listings are shown as before.</p>\n"
    "<p>{reason}</p>\n"};

/// Whom an e-mail goes to.
struct recipient {
  user who;
  credential opens;
};

class email_writer {
 public:
  email_writer(table::single_table& table, const clock& clock, mail::mailer& mailer, mail::site site)
      : table_(table), clock_(clock), mailer_(mailer), site_(std::move(site)) {}

  /// What an operator did is told in any case.
  result<void> send_notice(std::string_view kind, const uuid& job, record::item_view details) {
    const mail::email_template& pattern = kind == send_suspended_kind ? suspended : restored;
    return mailer_.send(mail::render(pattern, site_, job,
                                     {.to = details.find("email").text,
                                      .name = {},
                                      .values = {{"reason", std::string(details.find("reason").text)}}}));
  }

  result<void> send(std::string_view kind, const uuid& job, std::string_view email) {
    const auto to = recipient_of(email);
    if (!to) return to.error();
    // An address without an account: this is where the difference is made, and nobody waits for it.
    if (!*to) return {};
    const user& who = (*to)->who;
    if (kind == send_password_changed_kind) return deliver(password_changed, who, job, {});
    const bool verifies = kind == send_verification_kind;
    if (verifies && who.verified) return {};
    const auto token = make_token(verifies ? token_purpose::verify : token_purpose::reset, **to, email);
    if (!token) return token.error();
    return deliver(verifies ? verification : reset, who, job, *token);
  }

 private:
  result<std::optional<recipient>> recipient_of(std::string_view email) {
    const auto door = table_.get(credential_key(email), table::consistency::strong);
    if (!door) return door.error();
    if (!*door) return std::optional<recipient>();
    std::optional<credential> opens = to_credential((*door)->view());
    if (!opens) return table::damaged("a credential");
    const auto person = table_.get(key_of(opens->user_id), table::consistency::strong);
    if (!person) return person.error();
    if (!*person) return std::optional<recipient>();
    std::optional<user> who = to_user((*person)->view());
    if (!who) return table::damaged(key_of(opens->user_id));
    return std::optional<recipient>(recipient{*std::move(who), *std::move(opens)});
  }

  /// A new one for each try: what is in the table is a digest, which no e-mail can be written from.
  result<std::string> make_token(token_purpose purpose, const recipient& to, std::string_view email) {
    std::string text = make_one_time_text();
    const one_time_token token{purpose, to.who.id, std::string(email), to.opens.version};
    const auto written = table_.write({put_one_time_token(text, token, clock_.now())});
    if (!written) return written.error();
    return text;
  }

  result<void> deliver(const mail::email_template& pattern, const user& to, const uuid& job, std::string_view token) {
    return mailer_.send(
        mail::render(pattern, site_, job, {.to = to.email, .name = to.name_in_emails(), .token = token}));
  }

  table::single_table& table_;
  const clock& clock_;
  mail::mailer& mailer_;
  mail::site site_;
};

}  // namespace

std::vector<job_row> email_jobs(table::single_table& table, const clock& clock, mail::mailer& mailer, mail::site site) {
  std::vector<job_row> jobs;
  const auto writer = std::make_shared<email_writer>(table, clock, mailer, std::move(site));
  for (const std::string_view kind : {send_verification_kind, send_reset_kind, send_password_changed_kind})
    jobs.push_back({kind, [writer, kind](const uuid& job, record::item_view details) {
                      return writer->send(kind, job, details.find("email").text);
                    }});
  for (const std::string_view kind : {send_suspended_kind, send_restored_kind})
    jobs.push_back({kind, [writer, kind](const uuid& job, record::item_view details) {
                      return writer->send_notice(kind, job, details);
                    }});
  return jobs;
}

}  // namespace spaces::accounts
