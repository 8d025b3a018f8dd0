#include "inquiries/inquiries.hpp"

#include "inquiries/block.hpp"
#include "inquiries/closing.hpp"
#include "inquiries/letters.hpp"
#include "properties/inquiry_counts.hpp"
#include "properties/property.hpp"
#include "record/card.hpp"
#include "record/write.hpp"
#include "table/revise.hpp"
#include "table/window.hpp"

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

error already_asked(const std::optional<uuid>& open) {
  error already = conflict("You have an open inquiry about this property" +
                           (open ? ": /api/v1/inquiries/" + to_text(*open) : std::string()));
  already.type = "already-asked";
  return already;
}

error same_text() {
  static_assert(same_text_per_day_max == 5);
  return invalid({{"/message", "repeated",
                   "must not be sent about more than 5 listings within a day; ask each seller what you want to know of "
                   "theirs"}});
}

table::window hour_of(const uuid& who) {
  return {"inquiries#" + to_text(who), "HOUR", asked_per_hour_max, std::chrono::hours{1}};
}
table::window day_of(const uuid& who) {
  return {"inquiries#" + to_text(who), "DAY", asked_per_day_max, std::chrono::hours{24}};
}
table::window text_of(const uuid& who, std::string_view text) {
  return {"inquiries#" + to_text(who), "TEXT#" + text_digest(text), same_text_per_day_max, std::chrono::hours{24}};
}

/// What of a listing a question needs to know.
struct asked_listing {
  property_status status = property_status::draft;
  uuid owner;
  std::string title;
};

result<asked_listing> listing_of(table::single_table& table, const uuid& id) {
  asked_listing seen;
  bool fits = false;
  const auto found = table.read(properties::key_of(id), table::consistency::strong, [&](record::item_view stored) {
    const auto own = properties::ownership_of(stored);
    fits = own.has_value();
    if (fits) seen = {own->status, own->owner, std::string(stored.find("title").text)};
  });
  if (!found) return found.error();
  if (!*found) return not_found("property");
  if (!fits) return internal("property " + to_text(id) + " has attributes that do not fit its fields");
  return seen;
}

result<void> may_be_asked_about(const asked_listing& listing, const caller& who) {
  if (listing.owner == who.id) return forbidden("Nobody inquires about a listing of one's own");
  if (!properties::is_public(listing.status)) return not_found("property");
  if (!properties::takes_inquiries(listing.status)) return listing_closed();
  return {};
}

/// What is written with a change: an edited message counts as sent (first, with its conditions), the end is
/// counted, and the other side gets its letters.
std::vector<table::operation> consequences(const inquiry& before, const inquiry& after, const caller& who,
                                           instant now) {
  std::vector<table::operation> also;
  if (after.message != before.message) {
    also.emplace_back(table::check{block_key(after.owner_id, after.user_id), {table::absent{}}});
    also.emplace_back(table::counted_in(text_of(after.user_id, after.message), now));
  }
  if (after.response && !before.response)
    also.emplace_back(letter_asked(inquiry_event::answered, after, after.user_id, now));
  if (after.status == inquiry_status::closed) {
    for (table::operation& each : end_of(after, now)) also.push_back(std::move(each));
    const uuid& other = after.asked_by(who) ? after.owner_id : after.user_id;
    also.emplace_back(letter_asked(inquiry_event::closed, after, other, now));
  }
  return also;
}

void set_contact(inquiry& to, std::optional<accounts::contact> who) {
  if (!who) return;  // the account is gone
  to.inquirer_name = std::move(who->name);
  to.inquirer_email = std::move(who->email);
  to.inquirer_phone_number = std::move(who->phone_number);
}

}  // namespace

/// One operation of the transaction that asks, and what it is there for.
struct inquiries::step {
  enum class kind { once, listing, unblocked, only_one, text, hour, day, rest };
  kind what;
  table::operation operation;
};

inquiries::inquiries(table::single_table& table, const clock& clock, accounts::accounts& people, jobs::bell& bell,
                     std::string_view store_secret, inquiries_options options)
    : table_(table), clock_(clock), people_(people), bell_(bell), seal_(store_secret), options_(options) {}

result<void> inquiries::may_ask(const caller& who) const {
  if (options_.askers_must_be_verified && !who.verified) {
    error unverified = forbidden("Confirm your e-mail address before you inquire");
    unverified.type = "email-unverified";
    return unverified;
  }
  return {};
}

/// The first whose condition fails is what the person is told: so what a retry of the same request finds
/// stands first, then what is so of the listing, then of the person.
std::vector<inquiries::step> inquiries::asking(const inquiry& made,
                                               const std::optional<table::idempotent_request>& once,
                                               std::string_view listing_status, instant now) const {
  using kind = step::kind;
  record::item stored = to_item(made);
  std::vector<step> steps;
  if (once) steps.push_back({kind::once, table::keep_answer(*once, stored, now)});
  steps.push_back({kind::listing, table::check{properties::key_of(made.property_id),
                                               {table::equals{"status", std::string(listing_status)}}}});
  steps.push_back({kind::unblocked, table::check{block_key(made.owner_id, made.user_id), {table::absent{}}}});
  steps.push_back(
      {kind::only_one, table::put{open_key(made.property_id, made.user_id), open_item(made), {table::absent{}}}});
  steps.push_back({kind::text, table::counted_in(text_of(made.user_id, made.message), now)});
  steps.push_back({kind::hour, table::counted_in(hour_of(made.user_id), now)});
  steps.push_back({kind::day, table::counted_in(day_of(made.user_id), now)});
  steps.push_back({kind::rest, properties::inquiry_asked(made.property_id, now)});
  steps.push_back({kind::rest, letter_asked(inquiry_event::arrived, made, made.owner_id, now)});
  steps.push_back({kind::rest, table::put{key_of(made.id), std::move(stored), {table::absent{}}}});
  return steps;
}

result<inquiry> inquiries::made_earlier(const table::idempotent_request& once) {
  const auto earlier = table::kept_answer(table_, once);
  if (!earlier) return earlier.error();
  if (!*earlier) return unavailable("an idempotency key was kept and is gone");
  std::optional<inquiry> first = to_inquiry((*earlier)->view());
  if (!first) return internal("an inquiry that was kept for its idempotency key does not fit its fields");
  return *std::move(first);
}

/// What a refusal means: an inquiry that was made before, an error, or, empty, to look at the listing again.
result<std::optional<inquiry>> inquiries::refused_by(const step& which, const table::refusal& why, const inquiry& made,
                                                     const std::optional<table::idempotent_request>& once,
                                                     instant now) {
  switch (which.what) {
    case step::kind::once: {
      result<inquiry> earlier = made_earlier(*once);
      if (!earlier) return earlier.error();
      return std::optional(*std::move(earlier));
    }
    case step::kind::listing: return std::optional<inquiry>();
    case step::kind::unblocked: return listing_closed();
    case step::kind::only_one: return already_asked(why.found ? inquiry_of(why.found->view()) : std::nullopt);
    case step::kind::text: return same_text();
    case step::kind::hour:
      return limited("At most " + std::to_string(asked_per_hour_max) + " inquiries an hour", table::wait_of(why, now));
    case step::kind::day:
      return limited("At most " + std::to_string(asked_per_day_max) + " inquiries a day", table::wait_of(why, now));
    case step::kind::rest: break;
  }
  return internal("a new inquiry was there already: " + to_text(made.id));
}

result<inquiry> inquiries::ask(const caller& who, const record::draft<inquiry>& asked,
                               const std::optional<table::idempotent_request>& once, instant deadline) {
  if (const result<void> may = may_ask(who); !may) return may.error();
  const uuid id = make_uuid_v7(clock_.now());
  do {
    const instant now = clock_.now();
    inquiry made = asked.apply({});
    const result<asked_listing> listing = listing_of(table_, made.property_id);
    const result<void> may = listing ? may_be_asked_about(*listing, who) : listing.error();
    if (!may) {
      // A retry hears what the first try was answered, whatever became of the listing since.
      if (once)
        if (const auto earlier = table::kept_answer(table_, *once); earlier && *earlier) return made_earlier(*once);
      return may.error();
    }
    made.id = id;
    made.property_title = listing->title;
    made.user_id = who.id;
    made.owner_id = listing->owner;
    made.created_at = made.updated_at = now;
    made.version = 1;
    const std::vector<step> steps = asking(made, once, record::to_name(listing->status), now);
    std::vector<table::operation> operations;
    for (const step& each : steps) operations.push_back(each.operation);
    const auto written = table_.write(std::move(operations));
    if (!written) return written.error();
    if (!*written) {
      bell_.ring();
      return made;
    }
    const table::refusal& why = **written;
    result<std::optional<inquiry>> earlier = refused_by(steps.at(why.operation), why, made, once, now);
    if (!earlier) return earlier.error();
    if (*earlier) return **std::move(earlier);
  } while (clock_.now() < deadline);
  return unavailable("the listing changed at every try until the deadline");
}

result<inquiry> inquiries::see(const caller& who, const uuid& id) {
  std::optional<inquiry> seen;
  bool fits = true;
  const auto found = table_.read(key_of(id), table::consistency::eventual, [&](record::item_view stored) {
    seen = to_inquiry(stored);
    fits = seen.has_value();
  });
  if (!found) return found.error();
  if (!fits) return damaged(id);
  if (!seen || !seen->concerns(who)) return not_found("inquiry");
  if (seen->received_by(who)) {
    auto asker = people_.contacts(std::span(&seen->user_id, 1));
    if (!asker) return asker.error();
    set_contact(*seen, std::move(asker->front()));
  }
  return *std::move(seen);
}

result<inquiry> inquiries::change(const caller& who, const uuid& id, const record::draft<inquiry>& asked,
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
    result<inquiry> made = changed(*before, who, asked, now);
    if (!made) return made.error();
    after = *std::move(made);
    edited = after.message != before->message;
    return table::revision{to_item(after), consequences(*before, after, who, now)};
  };
  const auto refused = [&](std::size_t alongside, const table::refusal&) -> result<void> {
    if (!edited || alongside > 1) return {};
    return alongside == 0 ? listing_closed() : same_text();
  };
  if (const auto written = table::revise(table_, key_of(id), clock_, deadline, becomes, refused); !written)
    return written.error();
  bell_.ring();
  return after;
}

result<void> inquiries::add_contacts(inquiry_page& page) {
  std::vector<uuid> ids;
  for (const std::string& card : page.cards) ids.push_back(id_on_card(card, tag::user_id).value_or(uuid{}));
  auto contacts = people_.contacts(ids);
  if (!contacts) return contacts.error();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    inquiry known;
    set_contact(known, std::move((*contacts)[i]));
    record::append_card(page.cards[i], inquiry::fields(), &known, record::on_own);
  }
  return {};
}

result<inquiry_page> inquiries::list(const caller& who, const inquiry_query& asked) {
  table::query rows = plan(asked, who.id);
  const std::string question = question_of(asked, who.id);
  if (asked.cursor) {
    rows.after = seal_.open(*asked.cursor, question);
    if (!rows.after)
      return invalid({{"cursor", "bad-cursor", "must be the nextCursor of a page with the same filters and order"}});
  }
  inquiry_page page;
  const auto next = table::read_page(
      table_, std::move(rows), static_cast<std::size_t>(asked.limit), admits_all(asked),
      [&](const table::row& row) { return admits(asked, row.card); },
      [&](const table::row& row) { page.cards.emplace_back(row.card); });
  if (!next) return next.error();
  // A listing's inquiries are its owner's: to another they are none.
  if (asked.received() && !page.cards.empty() && !owns(who.id, page.cards.front())) return inquiry_page{};
  if (*next) page.next_cursor = seal_.seal(**next, question);
  if (asked.received())
    if (const auto added = add_contacts(page); !added) return added.error();
  return page;
}

}  // namespace spaces::inquiries
