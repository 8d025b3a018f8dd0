// A buyer inquires: one transaction, and what it means that one of its operations does not go through.
#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/inquiries.hpp"
#include "marketplace/inquiries/problems.hpp"
#include "marketplace/inquiries/recent_inquiries.hpp"
#include "marketplace/properties/inquiry_counts.hpp"
#include "marketplace/properties/property.hpp"
#include "platform/table/entity.hpp"

#include <functional>

namespace spaces::inquiries {

namespace {

/// An inquiry, made now or by an earlier try of the same request; empty: what was read has changed, look again.
using attempt = result<std::optional<inquiry>>;

/// An operation of the transaction beside what it means that its condition does not hold.
struct rule {
  table::operation does;
  std::function<attempt(const table::condition_failure& why)> otherwise;
};

/// What an inquiry is decided by, as it is when it is sent.
struct groundwork {
  properties::property_status status = properties::property_status::draft;
  uuid owner;
  std::string title;
  recent_inquiries recent;
};

result<groundwork> look_at(table::single_table& table, const uuid& property_id, const uuid& who) {
  const auto found =
      table.read_batch({properties::key_of(property_id), recent_inquiries_key(who)}, table::consistency::strong);
  if (!found) return found.error();
  const std::optional<record::item>& listing = found->front();
  if (!listing) return not_found("property");
  const auto own = properties::ownership_of(listing->view());
  if (!own) return table::damaged(properties::key_of(property_id));
  result<recent_inquiries> recent = recent_inquiries::read(found->back() ? &*found->back() : nullptr, who);
  if (!recent) return recent.error();
  return groundwork{own->status, own->owner, std::string(listing->find("title").text), *std::move(recent)};
}

result<void> takes_inquiries_of(const groundwork& listing, const caller& who) {
  if (listing.owner == who.id) return forbidden("You cannot inquire about your own listing");
  if (!properties::is_public(listing.status)) return not_found("property");
  if (!properties::takes_inquiries(listing.status)) return listing_closed();
  return {};
}

error already_inquired(const std::optional<record::item>& open) {
  const std::optional<uuid> id = open ? inquiry_of(open->view()) : std::nullopt;
  return error_of(problems::already_asked,
                  "You have an open inquiry about this property" + (id ? ": /api/v1/inquiries/" + to_text(*id) : ""));
}

/// What the first try of the same request made; empty when this is the first.
attempt made_earlier(table::single_table& table, const std::optional<table::idempotent_request>& idempotency) {
  if (!idempotency) return std::optional<inquiry>();
  const auto stored = table::made_earlier(table, *idempotency);
  if (!stored) return stored.error();
  if (!*stored) return std::optional<inquiry>();
  std::optional<inquiry> first = to_inquiry((*stored)->view());
  if (!first) return table::damaged("an inquiry that an idempotency key names");
  return first;
}

/// A retry hears what its first try made, whatever became of the listing since.
attempt earlier_or(table::single_table& table, const std::optional<table::idempotent_request>& idempotency,
                   const error& refused) {
  attempt earlier = made_earlier(table, idempotency);
  if (earlier && !*earlier) return refused;
  return earlier;
}

/// Over a limit nothing is written, and the limit is what is said last: after the first of these rules that does not
/// hold, which one read finds.
attempt broken_or(table::single_table& table, const std::vector<rule>& rules, const error& limit) {
  std::vector<table::key> keys;
  for (const rule& each : rules) keys.push_back(std::visit([](const auto& does) { return does.key; }, each.does));
  auto found = table.read_batch(keys, table::consistency::strong);
  if (!found) return found.error();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    std::optional<record::item>& item = (*found)[i];
    const std::optional<record::item_view> there = item ? std::optional(item->view()) : std::nullopt;
    const auto& conditions = std::visit([](const auto& does) -> auto& { return does.conditions; }, rules[i].does);
    if (!table::holds(conditions, there ? &*there : nullptr)) return rules[i].otherwise({i, std::move(item)});
  }
  return limit;
}

attempt look_again(const table::condition_failure&) { return std::optional<inquiry>(); }
attempt closed_to_the_caller(const table::condition_failure&) { return listing_closed(); }
attempt open_already(const table::condition_failure& why) { return already_inquired(why.found); }
attempt impossible(const table::condition_failure&) { return internal("an inquiry of a new id was there already"); }

}  // namespace

/// In the order in which a failure is told: what a retry of the same request finds stands first, then what is so of the
/// listing, then of the person.
attempt inquiries::try_to_inquire(inquiry& made, const caller& who,
                                  const std::optional<table::idempotent_request>& idempotency) {
  const auto retried = [&](const table::condition_failure&) {
    return earlier_or(table_, idempotency, unavailable("an idempotency key was kept and is gone"));
  };
  const instant now = clock_.now();
  const result<groundwork> found = look_at(table_, made.property_id, who.id);
  if (const auto may = found ? takes_inquiries_of(*found, who) : found.error(); !may)
    return earlier_or(table_, idempotency, may.error());
  made.property_title = found->title;
  made.owner_id = found->owner;
  made.created_at = made.updated_at = now;

  using table::absent, table::check, table::equals, table::put;
  const table::key listing = properties::key_of(made.property_id);
  const std::string status(record::to_name(found->status));
  const sent_message sent{now, made.property_id, mark_of(made.message), sending::inquired};

  std::vector<rule> rules;
  if (idempotency) rules.push_back({table::keep_reference(*idempotency, key_of(made.id), now), retried});
  rules.push_back({check{listing, {equals{"status", status}}}, look_again});
  rules.push_back({check{block_key(made.owner_id, who.id), {absent{}}}, closed_to_the_caller});
  rules.push_back({put{open_key(made.property_id, who.id), open_item(made), {absent{}}}, open_already});
  if (const auto may = found->recent.admits(sent); !may) return broken_or(table_, rules, may.error());
  rules.push_back({found->recent.with(who.id, sent), look_again});
  rules.push_back({properties::inquiry_made(made.property_id, now), impossible});
  rules.push_back({enqueue_email(inquiry_event::arrived, made, made.owner_id, now), impossible});
  rules.push_back({put{key_of(made.id), to_item(made), {absent{}}}, impossible});

  std::vector<table::operation> operations;
  operations.reserve(rules.size());
  for (rule& each : rules) operations.push_back(std::move(each.does));
  const auto written = table_.write(std::move(operations));
  if (!written) return written.error();
  if (*written) return rules.at((*written)->operation).otherwise(**written);
  return made;
}

result<inquiry> inquiries::inquire(const caller& who, const record::draft<inquiry>& request,
                                   const std::optional<table::idempotent_request>& idempotency, instant deadline) {
  if (const result<void> may = may_inquire(who); !may) return may.error();
  inquiry made = request.apply({});
  made.id = make_uuid_v7(clock_.now());
  made.user_id = who.id;
  made.version = 1;
  do {
    attempt one = try_to_inquire(made, who, idempotency);
    if (!one) return one.error();
    if (!*one) continue;
    bell_.ring();
    return **std::move(one);
  } while (clock_.now() < deadline);
  return unavailable("the listing, or what the person sent, changed at every try until the deadline");
}

}  // namespace spaces::inquiries
