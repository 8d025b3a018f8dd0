#include "marketplace/inquiries/emails.hpp"

#include "platform/base/digest.hpp"
#include "platform/table/entity.hpp"

#include <algorithm>
#include <array>
#include <memory>

namespace spaces::inquiries {

namespace {

using accounts::email_kind;
using record::value;

/// To a seller: somebody inquires about a listing.
constexpr mail::email_template inquiry_arrived{"A question about {listing}", "/inquiries/{id}",
                                               "Hello {name},\n\n"
                                               "{who} asks about {listing}:\n\n"
                                               "{words}\n\n"
                                               "Read how to reach them, and answer, here:\n\n"
                                               "{link}\n",
                                               "<p>Hello {name},</p>\n"
                                               "<p>{who} asks about {listing}:</p>\n"
                                               "<blockquote>{words}</blockquote>\n"
                                               "<p><a href=\"{link}\">Read how to reach them, and answer</a></p>\n"};

/// To the person who inquired: what the seller answers.
constexpr mail::email_template inquiry_answered{"An answer about {listing}", "/inquiries/{id}",
                                                "Hello {name},\n\n"
                                                "your question about {listing} was answered:\n\n"
                                                "{words}\n\n"
                                                "Read it beside your question here:\n\n"
                                                "{link}\n",
                                                "<p>Hello {name},</p>\n"
                                                "<p>your question about {listing} was answered:</p>\n"
                                                "<blockquote>{words}</blockquote>\n"
                                                "<p><a href=\"{link}\">Read it beside your question</a></p>\n"};

/// To one side: the other closed it.
constexpr mail::email_template inquiry_closed{
    "Closed: the inquiry about {listing}", "/inquiries/{id}",
    "Hello {name},\n\n"
    "the inquiry about {listing} was closed by the other side. It stays to be read here:\n\n"
    "{link}\n",
    "<p>Hello {name},</p>\n"
    "<p>the inquiry about {listing} was closed by the other side.\n"
    "<a href=\"{link}\">It stays to be read</a>.</p>\n"};

/// To the person who inquired: the listing is no longer there.
constexpr mail::email_template listing_gone{
    "No longer offered: {listing}", "/inquiries/{id}",
    "Hello {name},\n\n"
    "{listing} is no longer offered, so your inquiry about it was closed. It stays to be read here:\n\n"
    "{link}\n",
    "<p>Hello {name},</p>\n"
    "<p>{listing} is no longer offered, so your inquiry about it was closed.\n"
    "<a href=\"{link}\">It stays to be read</a>.</p>\n"};

/// What each event sends.
struct notification {
  inquiry_event event;
  std::string_view job;
  email_kind kind;  ///< which the reader can turn off
  const mail::email_template& text;
};

constexpr notification notifications[] = {
    {inquiry_event::arrived, "notify-inquiry-arrived", email_kind::inquiry, inquiry_arrived},
    {inquiry_event::answered, "notify-inquiry-answered", email_kind::answer, inquiry_answered},
    {inquiry_event::closed, "notify-inquiry-closed", email_kind::closing, inquiry_closed},
    {inquiry_event::gone, "notify-listing-gone", email_kind::closing, listing_gone},
};

const notification& notification_of(inquiry_event event) {
  return *std::find_if(std::begin(notifications), std::end(notifications),
                       [&](const notification& t) { return t.event == event; });
}

result<std::optional<accounts::user>> person(table::single_table& table, const uuid& id) {
  return table::find<accounts::to_user>(table, accounts::key_of(id), table::consistency::strong);
}

class notifier {
 public:
  notifier(table::single_table& table, mail::mailer& mailer, email_options options)
      : table_(table), mailer_(mailer), options_(std::move(options)) {}

  result<void> send(const notification& how, const uuid& job, record::item_view details) const {
    const auto inquiry_id = parse_uuid(details.find("inquiryId").text);
    const auto reader_id = parse_uuid(details.find("to").text);
    if (!inquiry_id || !reader_id) return invalid({{"", "wrong-type", "an e-mail without an inquiry or a reader"}});
    const auto about = table::find<to_inquiry>(table_, key_of(*inquiry_id), table::consistency::strong);
    if (!about) return about.error();
    const auto reader = person(table_, *reader_id);
    if (!reader) return reader.error();
    if (!*about || !*reader || !(*reader)->wants(how.kind)) return {};  // nobody is waiting for it
    const auto inquirer = person(table_, (*about)->user_id);
    if (!inquirer) return inquirer.error();
    return mailer_.send(written(how, job, **about, **reader, *inquirer));
  }

 private:
  mail::email written(const notification& how, const uuid& job, const inquiry& about, const accounts::user& reader,
                      const std::optional<accounts::user>& inquirer) const {
    const std::string unsubscribe = options_.site.public_url + std::string(unsubscribe_path) +
                                    "?token=" + unsubscribe_token(options_.store_secret, reader.id, how.kind);
    mail::template_context context{.to = reader.email, .name = reader.name_in_emails(), .unsubscribe_url = unsubscribe};
    // Others' names are as the reader's own: not for an address that nobody has confirmed.
    const bool named = inquirer && reader.verified;
    context.values = {{"id", to_text(about.id)},
                      {"listing", about.property_title},
                      {"who", named ? inquirer->name : "Somebody"},
                      {"words", how.event == inquiry_event::answered ? about.response.value_or("") : about.message}};
    // Only the inquirer's address, and only where they said so.
    if (how.event == inquiry_event::arrived && inquirer && inquirer->share_email) context.reply_to = inquirer->email;
    return mail::render(how.text, options_.site, job, std::move(context));
  }

  table::single_table& table_;
  mail::mailer& mailer_;
  email_options options_;
};

/// The same for the same event, so that there is one e-mail. It begins with the inquiry's own time: e-mails that are
/// asked for together lie together, and a commit of many writes few pages.
uuid job_of(std::string_view kind, const inquiry& about) {
  const std::string id = to_text(about.id);
  const std::string_view parts[] = {kind, id};
  uuid job = make_uuid_v8(parts);
  constexpr std::size_t time_bytes = 6;  // of a UUIDv7
  std::copy_n(about.id.bytes.begin(), time_bytes, job.bytes.begin());
  return job;
}

std::string mac_of(std::string_view store_secret, std::string_view sealed) {
  constexpr std::size_t mac_bytes = 16;
  const sha256_digest digest = hmac_sha256(store_secret, std::string("unsubscribe\n") += sealed);
  return std::string(reinterpret_cast<const char*>(digest.data()), mac_bytes);
}

}  // namespace

table::put enqueue_email(inquiry_event event, const inquiry& about, const uuid& to, instant now) {
  const notification& how = notification_of(event);
  record::item details;
  details.append("inquiryId", value::of(std::string_view(to_text(about.id))));
  details.append("to", value::of(std::string_view(to_text(to))));
  return jobs::enqueue({how.job, std::move(details)}, job_of(how.job, about), now);
}

std::string unsubscribe_token(std::string_view store_secret, const uuid& person, email_kind kind) {
  std::string bytes(reinterpret_cast<const char*>(person.bytes.data()), person.bytes.size());
  bytes += static_cast<char>(kind);
  return to_base64url(bytes + mac_of(store_secret, bytes));
}

std::optional<unsubscription> read_unsubscribe_token(std::string_view store_secret, std::string_view token) {
  const std::optional<std::string> bytes = from_base64url(token);
  unsubscription read{};
  const std::size_t sealed = read.person.bytes.size() + 1;
  if (!bytes || bytes->size() <= sealed) return std::nullopt;
  const std::string_view all(*bytes);
  if (!same_secret(all.substr(sealed), mac_of(store_secret, all.substr(0, sealed)))) return std::nullopt;
  std::copy_n(all.begin(), read.person.bytes.size(), read.person.bytes.begin());
  read.kind = static_cast<email_kind>(all[sealed - 1]);
  return read;
}

std::vector<job_row> email_jobs(table::single_table& table, mail::mailer& mailer, email_options options) {
  std::vector<job_row> jobs;
  const auto notifies = std::make_shared<const notifier>(table, mailer, std::move(options));
  for (const notification& how : notifications)
    jobs.push_back({how.job, [notifies, &how](const uuid& job, record::item_view details) {
                      return notifies->send(how, job, details);
                    }});
  return jobs;
}

}  // namespace spaces::inquiries
