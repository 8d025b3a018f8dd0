#include "marketplace/inquiries/inquiries.hpp"

#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/closing.hpp"
#include "marketplace/inquiries/emails.hpp"
#include "marketplace/inquiries/recent_inquiries.hpp"
#include "marketplace/properties/inquiry_counts.hpp"
#include "marketplace/properties/property.hpp"
#include "platform/record/card.hpp"
#include "platform/record/write.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>

namespace spaces::inquiries {

namespace {

using properties::property_status;

error damaged(const uuid& id) {
  return internal("inquiry " + to_text(id) + " has attributes that do not fit its fields");
}

error listing_closed() {
  error closed = conflict("This listing takes no inquiries any more");
  closed.type = "listing-closed";
  return closed;
}

error already_inquired(const std::optional<uuid>& open) {
  error already = conflict("You have an open inquiry about this property" +
                           (open ? ": /api/v1/inquiries/" + to_text(*open) : std::string()));
  already.type = "already-asked";
  return already;
}

/// What of a listing a question needs to know.
struct listing_facts {
  property_status status = property_status::draft;
  uuid owner;
  std::string title;
};

/// What a question is decided by, as it is when it is asked.
struct groundwork {
  listing_facts listing;
  recent_inquiries before;
};

result<recent_inquiries> read_lately(const record::item* stored, const uuid& who) {
  std::optional<recent_inquiries> read = recent_inquiries::of(stored);
  if (!read) return internal("what " + to_text(who) + " sent lately does not fit its fields");
  return *std::move(read);
}

result<recent_inquiries> recent_inquiries_of(table::single_table& table, const uuid& who) {
  const auto stored = table.get(recent_inquiries_key(who), table::consistency::strong);
  if (!stored) return stored.error();
  return read_lately(*stored ? &**stored : nullptr, who);
}

result<groundwork> look_at(table::single_table& table, const uuid& property_id, const uuid& who) {
  const auto found =
      table.read_batch({properties::key_of(property_id), recent_inquiries_key(who)}, table::consistency::strong);
  if (!found) return found.error();
  const std::optional<record::item>& listing = found->front();
  if (!listing) return not_found("property");
  const auto own = properties::ownership_of(listing->view());
  if (!own) return internal("property " + to_text(property_id) + " has attributes that do not fit its fields");
  result<recent_inquiries> before = read_lately(found->back() ? &*found->back() : nullptr, who);
  if (!before) return before.error();
  return groundwork{{own->status, own->owner, std::string(listing->find("title").text)}, *std::move(before)};
}

result<void> may_inquire_about(const listing_facts& listing, const caller& who) {
  if (listing.owner == who.id) return forbidden("You cannot inquire about your own listing");
  if (!properties::is_public(listing.status)) return not_found("property");
  if (!properties::takes_inquiries(listing.status)) return listing_closed();
  return {};
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

/// Of the transaction that asks.
constexpr std::size_t operations_max = 8;

}  // namespace

/// What an operation of the transaction that asks is there for.
enum class inquiries::step { idempotency, listing, unblocked, only_one, lately, rest };

struct inquiries::transaction {
  std::vector<step> steps;
  std::vector<table::operation> operations;

  void then(step what, table::operation does) {
    steps.push_back(what);
    operations.push_back(std::move(does));
  }
};

inquiries::inquiries(table::single_table& table, const clock& clock, accounts::accounts& people, jobs::bell& bell,
                     std::string_view store_secret, inquiries_options options)
    : table_(table), clock_(clock), people_(people), bell_(bell), seal_(store_secret), options_(options) {}

result<void> inquiries::may_inquire(const caller& who) const {
  if (options_.inquirers_must_be_verified && !who.verified) {
    error unverified = forbidden("Confirm your e-mail address before you inquire");
    unverified.type = "email-unverified";
    return unverified;
  }
  return {};
}

/// The first whose condition fails is what the person is told: so what a retry of the same request finds
/// stands first, then what is so of the listing, then of the person.
inquiries::transaction inquiries::transaction_of(const inquiry& made,
                                                 const std::optional<table::idempotent_request>& idempotency,
                                                 std::string_view listing_status, table::put lately) {
  record::item stored = to_item(made);
  transaction all;
  all.steps.reserve(operations_max);
  all.operations.reserve(operations_max);
  if (idempotency) all.then(step::idempotency, table::keep_answer(*idempotency, stored, made.created_at));
  all.then(step::listing,
           table::check{properties::key_of(made.property_id), {table::equals{"status", std::string(listing_status)}}});
  all.then(step::unblocked, table::check{block_key(made.owner_id, made.user_id), {table::absent{}}});
  all.then(step::only_one, table::put{open_key(made.property_id, made.user_id), open_item(made), {table::absent{}}});
  all.then(step::lately, std::move(lately));
  all.then(step::rest, properties::inquiry_made(made.property_id, made.created_at));
  all.then(step::rest, enqueue_email(inquiry_event::arrived, made, made.owner_id, made.created_at));
  all.then(step::rest, table::put{key_of(made.id), std::move(stored), {table::absent{}}});
  return all;
}

/// What the first try of the same request made; empty when this is the first.
result<std::optional<inquiry>> inquiries::made_earlier(const std::optional<table::idempotent_request>& idempotency) {
  if (!idempotency) return std::optional<inquiry>();
  const auto earlier = table::kept_answer(table_, *idempotency);
  if (!earlier) return earlier.error();
  if (!*earlier) return std::optional<inquiry>();
  std::optional<inquiry> first = to_inquiry((*earlier)->view());
  if (!first) return internal("an inquiry that was kept for its idempotency key does not fit its fields");
  return first;
}

/// A limit is told last: a retry hears of its first try, and who may not ask or asked already, of that.
result<inquiry> inquiries::limited_unless_earlier(const error& limit, const inquiry& made,
                                                  const std::optional<table::idempotent_request>& idempotency) {
  result<std::optional<inquiry>> earlier = made_earlier(idempotency);
  if (!earlier) return earlier.error();
  if (*earlier) return **std::move(earlier);
  const auto there = table_.read_batch(
      {block_key(made.owner_id, made.user_id), open_key(made.property_id, made.user_id)}, table::consistency::strong);
  if (!there) return there.error();
  if (there->front()) return listing_closed();
  if (there->back()) return already_inquired(inquiry_of(there->back()->view()));
  return limit;
}

/// What a failed condition means: an inquiry that was made before, an error, or, empty, to look again at what changed.
result<std::optional<inquiry>> inquiries::refused_by(step which, const table::condition_failure& why, const uuid& id,
                                                     const std::optional<table::idempotent_request>& idempotency) {
  switch (which) {
    case step::idempotency: {
      result<std::optional<inquiry>> earlier = made_earlier(idempotency);
      if (earlier && !*earlier) return unavailable("an idempotency key was kept and is gone");
      return earlier;
    }
    case step::listing:
    case step::lately: return std::optional<inquiry>();
    case step::unblocked: return listing_closed();
    case step::only_one: return already_inquired(why.found ? inquiry_of(why.found->view()) : std::nullopt);
    case step::rest: break;
  }
  return internal("a new inquiry was there already: " + to_text(id));
}

result<inquiry> inquiries::inquire(const caller& who, const record::draft<inquiry>& request,
                                   const std::optional<table::idempotent_request>& idempotency, instant deadline) {
  if (const result<void> may = may_inquire(who); !may) return may.error();
  inquiry made = request.apply({});
  made.id = make_uuid_v7(clock_.now());
  made.user_id = who.id;
  made.version = 1;
  const text_mark text = mark_of(made.message);
  do {
    const instant now = clock_.now();
    const result<groundwork> found = look_at(table_, made.property_id, who.id);
    if (const auto may = found ? may_inquire_about(found->listing, who) : found.error(); !may) {
      // A retry hears what the first try was answered, whatever became of the listing since.
      result<std::optional<inquiry>> earlier = made_earlier(idempotency);
      if (earlier && *earlier) return **std::move(earlier);
      return may.error();
    }
    made.property_title = found->listing.title;
    made.owner_id = found->listing.owner;
    made.created_at = made.updated_at = now;
    const sent_message sent{now, made.property_id, text, sending::inquired};
    if (const auto may = found->before.admits(sent); !may)
      return limited_unless_earlier(may.error(), made, idempotency);
    transaction all =
        transaction_of(made, idempotency, record::to_name(found->listing.status), found->before.with(who.id, sent));
    const auto written = table_.write(std::move(all.operations));
    if (!written) return written.error();
    if (!*written) {
      bell_.ring();
      return made;
    }
    const table::condition_failure& why = **written;
    result<std::optional<inquiry>> earlier = refused_by(all.steps.at(why.operation), why, made.id, idempotency);
    if (!earlier) return earlier.error();
    if (*earlier) return **std::move(earlier);
  } while (clock_.now() < deadline);
  return unavailable("the listing, or what the person sent, changed at every try until the deadline");
}

result<inquiry> inquiries::concerning(const caller& who, const uuid& id, table::consistency read) {
  std::optional<inquiry> seen;
  bool fits = true;
  const auto found = table_.read(key_of(id), read, [&](record::item_view stored) {
    seen = to_inquiry(stored);
    fits = seen.has_value();
  });
  if (!found) return found.error();
  if (!fits) return damaged(id);
  if (!seen || !seen->concerns(who)) return not_found("inquiry");
  return *std::move(seen);
}

result<void> inquiries::may_change(const caller& who, const uuid& id) {
  const result<inquiry> found = concerning(who, id, table::consistency::strong);
  if (!found) return found.error();
  return {};
}

result<inquiry> inquiries::see(const caller& who, const uuid& id) {
  result<inquiry> seen = concerning(who, id, table::consistency::eventual);
  if (!seen) return seen.error();
  if (seen->received_by(who)) {
    const auto read = people_.contacts(std::span(&seen->user_id, 1),
                                       [&](std::size_t, const accounts::contact& asker) { set_contact(*seen, asker); });
    if (!read) return read.error();
  }
  return seen;
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
    const std::optional<inquiry> before = to_inquiry(stored->view());
    if (!before) return damaged(id);
    if (!before->concerns(who)) return not_found("inquiry");
    if (!expected.admits(before->version))
      return precondition_failed("The inquiry has version " + std::to_string(before->version) + " now; read it again");
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
  if (query.cursor) {
    rows.after = seal_.open(*query.cursor, question);
    if (!rows.after)
      return invalid({{"cursor", "bad-cursor", "must be the nextCursor of a page with the same filters and order"}});
  }
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
