#include "marketplace/accounts/recovery.hpp"
#include "platform/mail/emails.hpp"

namespace spaces::accounts {

namespace {

/// Whom an e-mail goes to.
struct recipient {
  user who;
  credential opens;
};

class email_writer {
 public:
  email_writer(table::single_table& table, const clock& clock, mail::mailer& mailer, email_options head)
      : table_(table), clock_(clock), mailer_(mailer), head_(std::move(head)) {}

  result<void> send(std::string_view kind, const uuid& job, std::string_view email) {
    const auto to = recipient_of(email);
    if (!to) return to.error();
    // An address without an account: this is where the difference is made, and nobody waits for it.
    if (!*to) return {};
    const user& who = (*to)->who;
    if (kind == send_password_changed_kind) return deliver(mail::password_changed_email, who, job, {});
    const bool verifies = kind == send_verification_kind;
    if (verifies && who.verified) return {};
    const auto token = make_token(verifies ? once_purpose::verify : once_purpose::reset, **to, email);
    if (!token) return token.error();
    return deliver(verifies ? mail::verification_email : mail::reset_email, who, job, *token);
  }

 private:
  result<std::optional<recipient>> recipient_of(std::string_view email) {
    const auto door = table_.get(credential_key(email), table::consistency::strong);
    if (!door) return door.error();
    if (!*door) return std::optional<recipient>();
    std::optional<credential> opens = to_credential((*door)->view());
    if (!opens) return internal("a credential has attributes that do not fit");
    const auto person = table_.get(key_of(opens->user_id), table::consistency::strong);
    if (!person) return person.error();
    if (!*person) return std::optional<recipient>();
    std::optional<user> who = to_user((*person)->view());
    if (!who) return internal("user " + to_text(opens->user_id) + " has attributes that do not fit");
    return std::optional<recipient>(recipient{*std::move(who), *std::move(opens)});
  }

  /// A new one for each try: what is in the table is a digest, which no e-mail can be written from.
  result<std::string> make_token(once_purpose purpose, const recipient& to, std::string_view email) {
    std::string text = make_once_text();
    const once_token token{purpose, to.who.id, std::string(email), to.opens.version};
    const auto written = table_.write({kept_once(text, token, clock_.now())});
    if (!written) return written.error();
    return text;
  }

  result<void> deliver(mail::email (*written)(const mail::occasion&), const user& to, const uuid& job,
                       std::string_view token) {
    const std::string message_id = to_text(job) + '@' + head_.message_id_domain;
    return mailer_.send(written(
        {.to = to.email, .name = to.name, .public_url = head_.public_url, .token = token, .message_id = message_id}));
  }

  table::single_table& table_;
  const clock& clock_;
  mail::mailer& mailer_;
  email_options head_;
};

}  // namespace

void handle_emails(jobs::runner& runner, table::single_table& table, const clock& clock, mail::mailer& mailer,
                   email_options head) {
  const auto writer = std::make_shared<email_writer>(table, clock, mailer, std::move(head));
  for (const std::string_view kind : {send_verification_kind, send_reset_kind, send_password_changed_kind})
    runner.handle(kind, [writer, kind](const uuid& job, record::item_view details) {
      return writer->send(kind, job, details.find("email").text);
    });
}

}  // namespace spaces::accounts
