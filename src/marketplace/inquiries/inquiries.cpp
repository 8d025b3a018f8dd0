#include "marketplace/inquiries/inquiries.hpp"

#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/closing.hpp"
#include "marketplace/inquiries/emails.hpp"
#include "marketplace/inquiries/recent_inquiries.hpp"
#include "platform/record/card.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>

namespace spaces::inquiries {

namespace {

result<recent_inquiries> recent_inquiries_of(table::single_table& table, const uuid& who) {
  const auto stored = table.get(recent_inquiries_key(who), table::consistency::strong);
  if (!stored) return stored.error();
  return recent_inquiries::read(*stored ? &**stored : nullptr, who);
}

/// What is written with a change: an edited message counts as sent (first, with its conditions), the end is
/// counted, and the other side gets its e-mails.
std::vector<table::operation> consequences(const inquiry& before, const inquiry& after, const caller& who,
                                           std::optional<table::put> sent, instant now) {
  std::vector<table::operation> also;
  if (sent) {
    also.emplace_back(table::check{block_key(after.owner_id, after.user_id), {table::absent{}}});
    also.emplace_back(*std::move(sent));
  }
  if (after.response && !before.response)
    also.emplace_back(enqueue_email(inquiry_event::answered, after, after.user_id, now));
  if (after.status == inquiry_status::closed) {
    for (table::operation& each : end_of(after, now)) also.push_back(std::move(each));
    const uuid& other = after.sent_by(who) ? after.owner_id : after.user_id;
    also.emplace_back(enqueue_email(inquiry_event::closed, after, other, now));
  }
  return also;
}

void set_contact(inquiry& to, const accounts::contact& who) {
  to.inquirer_name = who.name;
  to.inquirer_email = who.email;
  to.inquirer_phone_number = who.phone_number;
}

void append_contact(std::string& card, const accounts::contact& who) {
  record::append_card_text(card, tag::inquirer_name, who.name);
  record::append_card_text(card, tag::inquirer_email, who.email);
  if (who.phone_number) record::append_card_text(card, tag::inquirer_phone_number, *who.phone_number);
}

}  // namespace

inquiries::inquiries(table::single_table& table, const clock& clock, accounts::accounts& people, jobs::bell& bell,
                     std::string_view store_secret, inquiries_options options)
    : table_(table), clock_(clock), people_(people), bell_(bell), seal_(store_secret), options_(options) {}

result<void> inquiries::may_inquire(const caller& who) const {
  if (options_.inquirers_must_be_verified && !who.verified)
    return error_of(email_unverified, "Confirm your e-mail address before you inquire");
  return {};
}

result<inquiry> inquiries::concerning(const caller& who, const uuid& id, table::consistency read) {
  auto found = table::find<to_inquiry>(table_, key_of(id), read);
  if (!found) return found.error();
  if (!*found || !(*found)->concerns(who)) return not_found("inquiry");
  return **std::move(found);
}

result<void> inquiries::may_change(const caller& who, const uuid& id) {
  const result<inquiry> found = concerning(who, id, table::consistency::strong);
  if (!found) return found.error();
  return {};
}

result<inquiry> inquiries::see(const caller& who, const uuid& id) {
  result<inquiry> seen = concerning(who, id, table::consistency::eventual);
  if (!seen) return seen.error();
  if (seen->received_by(who))
    if (const auto read = add_contact(*seen); !read) return read.error();
  return seen;
}

result<void> inquiries::add_contact(inquiry& to) {
  return people_.contacts(std::span(&to.user_id, 1),
                          [&](std::size_t, const accounts::contact& inquirer) { set_contact(to, inquirer); });
}

/// What counts an edited message as sent; a block, and then the limits, refuse it.
result<table::put> inquiries::edit_of(const inquiry& after, instant now) {
  const auto before = recent_inquiries_of(table_, after.user_id);
  if (!before) return before.error();
  const sent_message sent{now, after.property_id, mark_of(after.message), sending::edited};
  if (const auto may = before->admits(sent); !may) {
    const auto block = table_.get(block_key(after.owner_id, after.user_id), table::consistency::strong);
    if (!block) return block.error();
    return *block ? listing_closed() : may.error();
  }
  return before->with(after.user_id, sent);
}

result<inquiry> inquiries::change(const caller& who, const uuid& id, const record::draft<inquiry>& changes,
                                  const expected_version& expected, instant deadline) {
  inquiry after;
  bool edited = false;
  const auto becomes = [&](const record::item* stored) -> result<table::revision> {
    if (!stored) return not_found("inquiry");
    std::optional<inquiry> before = to_inquiry(stored->view());
    if (!before) return table::damaged(key_of(id));
    if (!before->concerns(who)) return not_found("inquiry");
    if (!expected.admits(before->version))
      return precondition_failed("The inquiry has version " + std::to_string(before->version) + " now; read it again");
    if (before->received_by(who) && changes.repeats(record::on_own))
      if (const auto read = add_contact(*before); !read) return read.error();
    const instant now = clock_.now();
    result<inquiry> made = changed(*before, who, changes, now);
    if (!made) return made.error();
    after = *std::move(made);
    edited = after.message != before->message;
    std::optional<table::put> sent;
    if (edited) {
      result<table::put> counted = edit_of(after, now);
      if (!counted) return counted.error();
      sent = *std::move(counted);
    }
    return table::revision{to_item(after), consequences(*before, after, who, std::move(sent), now)};
  };
  const auto refused = [&](std::size_t alongside, const table::condition_failure&) -> result<void> {
    if (edited && alongside == 0) return listing_closed();
    return {};  // something else was sent meanwhile: looked at again
  };
  if (const auto written = table::revise(table_, key_of(id), clock_, deadline, becomes, refused); !written)
    return written.error();
  bell_.ring();
  return after;
}

result<void> inquiries::add_contacts(inquiry_page& page) {
  std::vector<uuid> ids;
  ids.reserve(page.cards.size());
  for (const std::string& card : page.cards) ids.push_back(id_on_card(card, tag::user_id).value_or(uuid{}));
  return people_.contacts(
      ids, [&](std::size_t place, const accounts::contact& who) { append_contact(page.cards[place], who); });
}

result<inquiry_page> inquiries::list(const caller& who, const inquiry_query& query) {
  table::query rows = plan(query, who.id);
  const std::string question = question_of(query, who.id);
  if (const auto resumed = seal_.resume(rows, query.cursor, question); !resumed) return resumed.error();
  inquiry_page page;
  const auto next = table::read_page(
      table_, std::move(rows), static_cast<std::size_t>(query.limit), admits_all(query),
      [&](const table::row& row) { return admits(query, row.card); },
      [&](const table::row& row) { page.cards.emplace_back(row.card); });
  if (!next) return next.error();
  // A listing's inquiries are its owner's: to another they are none.
  if (query.received() && !page.cards.empty() && !owns(who.id, page.cards.front())) return inquiry_page{};
  if (*next) page.next_cursor = seal_.seal(**next, question);
  if (query.received())
    if (const auto added = add_contacts(page); !added) return added.error();
  return page;
}

}  // namespace spaces::inquiries
