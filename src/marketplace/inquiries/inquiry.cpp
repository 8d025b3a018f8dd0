#include "marketplace/inquiries/inquiry.hpp"

#include "marketplace/inquiries/problems.hpp"
#include "platform/base/legible.hpp"
#include "platform/base/text.hpp"
#include "platform/record/card.hpp"
#include "platform/record/write.hpp"

#include <algorithm>

namespace spaces::inquiries {

namespace {

using namespace record;

/// A page and a half: longer ones are sent by mail, once both know each other.
constexpr std::size_t message_max = 5000;
constexpr std::size_t title_max = 120;

bool has_few_links(std::string_view text) { return links_in(text) <= links_max; }

constexpr text_form few_links{{}, {}, &has_few_links, "too-many-links", "must have at most 3 links"};
static_assert(links_max == 3);

constexpr field inquiry_fields[] = {
    of<&inquiry::id>(
        "id", fixed | on_card,
        {.card_tag = tag::id, .doc = "UUID, version 7", .example = "\"019ab3c4-6e6f-7081-9a1b-2c3d4e5f6072\""}),
    of<&inquiry::property_id>("propertyId", fixed | on_create | on_card,
                              {.required = true,
                               .card_tag = tag::property_id,
                               .doc = "The listing; an inquiry outlives it",
                               .example = "\"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071\""}),
    of<&inquiry::property_title>("propertyTitle", fixed | on_card,
                                 {.length_max = title_max,
                                  .card_tag = tag::property_title,
                                  .doc = "The listing's title when the inquiry was sent",
                                  .example = "\"Sunny craftsman near the park\""}),
    of<&inquiry::user_id>(
        "userId", fixed | on_card,
        {.card_tag = tag::user_id, .doc = "Who inquired", .example = "\"019ab3c4-0000-7000-8000-000000000002\""}),
    of<&inquiry::owner_id>("ownerId", fixed | on_card,
                           {.card_tag = tag::owner_id,
                            .doc = "The listing's owner, who answers",
                            .example = "\"019ab3c4-0000-7000-8000-000000000001\""}),
    of<&inquiry::message>(
        "message", editable,
        {.length_min = 1,
         .length_max = message_max,
         .required = true,
         .lines = true,
         .form = &few_links,
         .doc = "The question; several lines, 3 links at most. Its sender may edit it while it is new",
         .example = "\"Is the pear tree old? May I come and see it on Saturday?\""}),
    of<&inquiry::excerpt>("excerpt", on_card,
                          {.length_max = card_text_bytes_max,
                           .card_tag = tag::excerpt,
                           .doc = "The message's beginning",
                           .example = "\"Is the pear tree old? May I come and see it on Saturday?\""}),
    of<&inquiry::status>("status", fixed | on_update | on_card,
                         {.card_tag = tag::status,
                          .doc = "new until it is answered, responded then, closed in the end, which is final",
                          .example = "\"responded\""}),
    of<&inquiry::response>("response", fixed | on_update,
                           {.length_min = 1,
                            .length_max = message_max,
                            .lines = true,
                            .form = &few_links,
                            .doc = "The owner's answer; may be edited until the inquiry is closed",
                            .example = "\"Forty years. Saturday at ten?\""}),
    of<&inquiry::created_at>("createdAt", fixed | on_card,
                             {.stored_as = table::name::created_at,
                              .card_tag = tag::created_at,
                              .doc = "UTC",
                              .example = "\"2026-11-22T08:00:00.000Z\""}),
    of<&inquiry::updated_at>(
        "updatedAt", fixed,
        {.stored_as = table::name::updated_at, .doc = "UTC", .example = "\"2026-11-22T08:00:00.000Z\""}),
    of<&inquiry::version>("version", fixed,
                          {.doc = "1 when made, one more with each change; the entity tag's number", .example = "1"}),
    of<&inquiry::inquirer_name>(
        "inquirerName", on_own,
        {.card_tag = tag::inquirer_name,
         .doc = "Shown to the listing's owner: who inquired, as it is now; null when the account is gone",
         .example = "\"Ben Carter\""}),
    of<&inquiry::inquirer_email>(
        "inquirerEmail", on_own,
        {.card_tag = tag::inquirer_email, .doc = "Shown to the listing's owner", .example = "\"ben@example.org\""}),
    of<&inquiry::inquirer_phone_number>(
        "inquirerPhoneNumber", on_own,
        {.card_tag = tag::inquirer_phone_number, .doc = "Shown to the listing's owner", .example = "\"+12065550100\""}),
};
static_assert(std::size(inquiry_fields) <= fields_max);

constexpr std::string_view partition_prefix = "INQUIRY#";

void append_text(item& to, std::string_view name, std::string_view text) { to.append(name, value::of(text)); }

/// `at`, or before it where it would cut a code point.
std::size_t whole_code_points(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

bool ends_a_word(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '(' || c == '<' || c == ','; }

// ---- Who may change what.

struct given_fields {
  bool message, response, status;
};

given_fields given_in(const record::draft<inquiry>& changes) {
  const auto has = [&](std::string_view name) { return changes.given[find_field(inquiry_fields, name)]; };
  return {has("message"), has("response"), has("status")};
}

result<void> may_answer(const inquiry& before, const record::draft<inquiry>& changes, const given_fields& given) {
  if (given.message) return forbidden("Only the person who sent the inquiry may edit its message");
  if (given.response && !changes.values.response) return invalid({{"/response", "required", "may not be cleared"}});
  if (!given.status || changes.values.status == inquiry_status::closed) return {};
  const bool answered = given.response || before.response;
  if (changes.values.status == inquiry_status::responded && !answered)
    return invalid({{"/response", "required", "is required to respond"}});
  if (changes.values.status == inquiry_status::fresh && answered)
    return invalid({{"/status", "not-a-choice", "must be one of responded, closed"}});
  return {};
}

result<void> may_edit(const inquiry& before, const record::draft<inquiry>& changes, const given_fields& given) {
  if (given.response) return forbidden("Only the listing's owner may answer");
  if (given.status && changes.values.status != inquiry_status::closed && changes.values.status != before.status)
    return forbidden("Only the owner's answer makes an inquiry responded");
  if (given.message && before.status != inquiry_status::fresh)
    return conflict("It was answered; the message can no longer be edited");
  return {};
}

}  // namespace

field_span inquiry::fields() { return inquiry_fields; }

std::size_t links_in(std::string_view text) {
  const std::string lower = lower_ascii(text);
  const std::string_view left(lower);
  std::size_t links = 0;
  for (std::size_t at = left.find("://"); at != std::string_view::npos; at = left.find("://", at + 3)) ++links;
  for (std::size_t at = left.find("www."); at != std::string_view::npos; at = left.find("www.", at + 4))
    links += at == 0 || ends_a_word(left[at - 1]) ? 1 : 0;
  return links;
}

std::string excerpt_of(std::string_view message, std::size_t bytes_max) {
  // What turns the direction might end behind the cut.
  const std::string whole = without_turns(message);
  std::string out;
  for (char c : trim(std::string_view(whole).substr(0, whole_code_points(whole, bytes_max)))) {
    const bool blank = c == '\n' || c == '\r' || c == '\t';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return out;
}

table::key key_of(const uuid& id) { return {std::string(partition_prefix) + to_text(id), "DETAILS"}; }

std::optional<uuid> id_of(table::key_view key) {
  if (!key.pk.starts_with(partition_prefix)) return std::nullopt;
  return parse_uuid(key.pk.substr(partition_prefix.size()));
}

item to_item(const inquiry& q) {
  item made;
  append_text(made, table::name::entity_type, inquiry::name);
  append_attributes(made, inquiry::fields(), &q);
  std::string by_date = "INQUIRY#";
  append_instant(by_date, q.created_at);
  (by_date += '#') += to_text(q.id);
  table::append_index(made, table::index::gsi1, property_partition(q.property_id), by_date);
  table::append_index(made, table::index::gsi2, person_partition(q.user_id), by_date);
  table::append_index(made, table::index::gsi3, person_partition(q.owner_id), by_date);
  inquiry short_one = q;
  const std::size_t taken = std::min(q.property_title.size(), card_text_bytes_max);
  short_one.excerpt = excerpt_of(q.message, card_text_bytes_max - taken);
  std::string card;
  append_card(card, inquiry::fields(), &short_one);
  made.append(table::name::card, value::of_bytes(card));
  for (const attribute& a : q.unknown.view()) made.append(a.name, a.value);
  return made;
}

std::optional<inquiry> to_inquiry(item_view stored) {
  inquiry q;
  item others;
  if (!read_attributes(stored, inquiry::fields(), &q, &others)) return std::nullopt;
  for (const attribute& a : others.view())
    if (!table::is_table_name(a.name)) q.unknown.append(a.name, a.value);
  return q;
}

error listing_closed() { return error_of(problems::listing_closed, "This listing takes no inquiries any more"); }

table::key open_key(const uuid& property_id, const uuid& user_id) {
  return {"OPEN#" + to_text(property_id), "USER#" + to_text(user_id)};
}

item open_item(const inquiry& q) {
  item made;
  append_text(made, table::name::entity_type, "OpenInquiry");
  append_text(made, "inquiryId", to_text(q.id));
  append_text(made, table::name::created_at, to_text(q.created_at));
  return made;
}

std::optional<uuid> inquiry_of(item_view open) { return parse_uuid(open.find("inquiryId").text); }

std::optional<uuid> id_on_card(std::string_view card, std::uint8_t tag) {
  const record::value held = record::card_value(card, tag);
  uuid id;
  if (held.text.size() != id.bytes.size()) return std::nullopt;
  std::copy_n(held.text.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

std::string property_partition(const uuid& property_id) { return "PROPERTY#" + to_text(property_id); }

std::string person_partition(const uuid& person) { return "USER#" + to_text(person); }

result<inquiry> changed(const inquiry& before, const caller& who, const record::draft<inquiry>& request, instant now) {
  if (!before.concerns(who)) return not_found("inquiry");  // a stranger may not even know of it
  const auto real = request.against(before);
  if (!real) return real.error();
  if (before.status == inquiry_status::closed)
    return error_of(problems::inquiry_closed, "This inquiry is closed, which is final");
  const record::draft<inquiry>& changes = *real;
  const given_fields given = given_in(changes);
  const bool owner = before.received_by(who);
  if (const auto may = owner ? may_answer(before, changes, given) : may_edit(before, changes, given); !may)
    return may.error();
  inquiry after = changes.apply(before);
  if (given.response && !given.status) after.status = inquiry_status::responded;
  after.updated_at = std::max(now, after.created_at);
  ++after.version;
  return after;
}

}  // namespace spaces::inquiries
