#include "marketplace/properties/emails.hpp"

#include <memory>
#include <utility>

namespace spaces::properties {

namespace {

using record::value;

constexpr std::string_view taken_down_kind = "notify-listing-taken-down";
constexpr std::string_view restored_kind = "notify-listing-restored";

constexpr mail::email_template taken_down{
    "Taken down: {listing}", "/properties/{id}",
    "Hello {name},\n\n"
    "we took your listing {listing} down. Nobody but you sees it now. The reason:\n\n"
    "{reason}\n\n"
    "You can read and change it here; when you have, answer this e-mail:\n\n"
    "{link}\n",
    "<p>Hello {name},</p>\n"
    "<p>we took your listing {listing} down. Nobody but you sees it now. The "
    "reason:</p>\n"
    "<blockquote>{reason}</blockquote>\n"
    "<p><a href=\"{link}\">You can read and change it</a>; when you have, answer "
    "this e-mail.</p>\n"};

constexpr mail::email_template restored{"No longer taken down: {listing}", "/properties/{id}",
                                        "Hello {name},\n\n"
                                        "your listing {listing} is no longer taken down. {shown} The reason:\n\n"
                                        "{reason}\n\n"
                                        "You can read and change it here:\n\n"
                                        "{link}\n",
                                        "<p>Hello {name},</p>\n"
                                        "<p>your listing {listing} is no longer taken down. {shown} The reason:</p>\n"
                                        "<blockquote>{reason}</blockquote>\n"
                                        "<p><a href=\"{link}\">You can read and change it</a>.</p>\n"};

/// Who sees a listing of this status.
std::string_view audience_of(std::string_view status) {
  const auto now = record::from_name<property_status>(status);
  if (now && is_public(*now)) return "Others see it again.";
  if (now == property_status::suspended) return "Others see it when your account is open again.";
  return "Nobody but you sees it until you publish it.";
}

class email_writer {
 public:
  email_writer(mail::mailer& mailer, mail::site site, recipient_of find)
      : mailer_(mailer), site_(std::move(site)), find_(std::move(find)) {}

  result<void> send(const mail::email_template& pattern, const uuid& job, record::item_view details) const {
    const auto owner = parse_uuid(details.find("to").text);
    if (!owner) return invalid({{"to", "not-a-uuid", "an e-mail without a reader"}});
    const auto reader = find_(*owner);
    if (!reader) return reader.error();
    if (!*reader) return {};  // nobody is waiting for it
    mail::template_context context{.to = (*reader)->email, .name = (*reader)->name};
    context.values = {{"id", std::string(details.find("propertyId").text)},
                      {"listing", std::string(details.find("listing").text)},
                      {"reason", std::string(details.find("reason").text)},
                      {"shown", std::string(audience_of(details.find("status").text))}};
    return mailer_.send(mail::render(pattern, site_, job, std::move(context)));
  }

 private:
  mail::mailer& mailer_;
  mail::site site_;
  recipient_of find_;
};

}  // namespace

table::put enqueue_decision_email(const property& listing, std::string_view reason, instant now) {
  const std::string_view kind = listing.takedown_reason ? taken_down_kind : restored_kind;
  const std::string id = to_text(listing.id);
  // How it was then is told, whatever becomes of the listing until the e-mail goes out.
  record::item details;
  details.append("propertyId", value::of(std::string_view(id)));
  details.append("to", value::of(std::string_view(to_text(listing.user_id))));
  details.append("listing", value::of(std::string_view(listing.title)));
  details.append("reason", value::of(reason));
  details.append("status", value::of(record::to_name(listing.status)));
  const std::string version = std::to_string(listing.version);
  const std::string_view parts[] = {kind, id, version};
  return jobs::enqueue({kind, std::move(details)}, make_uuid_v8(parts), now);
}

std::vector<job_row> email_jobs(mail::mailer& mailer, mail::site site, recipient_of find) {
  const auto writer = std::make_shared<const email_writer>(mailer, std::move(site), std::move(find));
  std::vector<job_row> jobs;
  for (const auto& [kind, pattern] : {std::pair{taken_down_kind, &taken_down}, std::pair{restored_kind, &restored}})
    jobs.push_back({kind, [writer, pattern = pattern](const uuid& job, record::item_view details) {
                      return writer->send(*pattern, job, details);
                    }});
  return jobs;
}

}  // namespace spaces::properties
