#include "marketplace/properties/emails.hpp"

#include <utility>

namespace spaces::properties {

namespace {

using record::value;

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

}  // namespace

table::put enqueue_taken_down(const property& listing, instant now) {
  // What the reason was then is told, whatever becomes of the listing until the e-mail goes out.
  record::item details;
  details.append("propertyId", value::of(std::string_view(to_text(listing.id))));
  details.append("to", value::of(std::string_view(to_text(listing.user_id))));
  details.append("listing", value::of(std::string_view(listing.title)));
  details.append("reason", value::of(std::string_view(listing.takedown_reason.value_or(""))));
  const std::string id = to_text(listing.id);
  const std::string version = std::to_string(listing.version);
  const std::string_view parts[] = {taken_down_job, id, version};
  return jobs::enqueue({taken_down_job, std::move(details)}, make_uuid_v8(parts), now);
}

jobs::handler taken_down_handler(mail::mailer& mailer, mail::site site, recipient_of find) {
  return [&mailer, site = std::move(site), find = std::move(find)](const uuid& job,
                                                                   record::item_view details) -> result<void> {
    const auto owner = parse_uuid(details.find("to").text);
    if (!owner) return invalid({{"to", "not-a-uuid", "an e-mail without a reader"}});
    const auto reader = find(*owner);
    if (!reader) return reader.error();
    if (!*reader) return {};  // nobody is waiting for it
    mail::template_context context{.to = (*reader)->email, .name = (*reader)->name};
    context.values = {{"id", std::string(details.find("propertyId").text)},
                      {"listing", std::string(details.find("listing").text)},
                      {"reason", std::string(details.find("reason").text)}};
    return mailer.send(mail::render(taken_down, site, job, std::move(context)));
  };
}

}  // namespace spaces::properties
