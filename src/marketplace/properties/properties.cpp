#include "marketplace/properties/properties.hpp"

#include "marketplace/properties/problems.hpp"
#include "marketplace/roles/user_type.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/page.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>

namespace spaces::properties {

namespace {

/// A person's counter is in the way of concurrent creates once, when its day begins.
constexpr int create_tries_max = 5;

error key_is_gone() { return unavailable("an idempotency key was kept and is gone"); }

/// Its owner cannot show what an operator hides, nor hide it as one.
result<void> may_set_status(const property& before, const record::draft<property>& changes) {
  static const std::size_t status = record::find_field(property::fields(), "status");
  if (!changes.given[status]) return {};
  if (is_moderated(before.status))
    return error_of(problems::listing_taken_down, before.takedown_reason
                                                      ? "An operator took this listing down: " + *before.takedown_reason
                                                      : "The listing is hidden while its owner is suspended");
  if (is_moderated(changes.values.status))
    return invalid({{"/status", "not-a-choice", "must be one of active, pending, sold, draft, withdrawn"}});
  return {};
}

error no_such_property() { return not_found("property"); }

error changed_meanwhile(std::int64_t version) {
  return precondition_failed("The property has version " + std::to_string(version) + " now; read it again");
}

/// The rule of every change: a stranger may not, and may not even know of what is not public.
result<void> may_change(const caller& who, const property& p, const expected_version& expected) {
  if (!p.owned_by(who)) {
    if (!is_public(p.status)) return no_such_property();
    return forbidden("Only its owner changes a property");
  }
  if (!p.images.admits_edit(expected, p.version)) return changed_meanwhile(p.version);
  return {};
}

/// The property behind an item, if the caller may change it.
result<property> changeable(const caller& who, const uuid& id, const record::item* stored,
                            const expected_version& expected) {
  if (!stored) return no_such_property();
  std::optional<property> p = to_property(stored->view());
  if (!p) return table::damaged(key_of(id));
  if (const result<void> may = may_change(who, *p, expected); !may) return may.error();
  return *std::move(p);
}

}  // namespace

properties::properties(table::single_table& table, const clock& clock, std::string_view store_secret,
                       properties_options options)
    : table_(table), clock_(clock), seal_(store_secret), city_keys_(table), options_(std::move(options)) {}

result<void> properties::may_publish(const caller& who) const {
  if (!publishes(who)) return forbidden("Only sellers and agents publish properties");
  if (options_.publishers_must_be_verified && !who.verified)
    return error_of(email_unverified, "Confirm your e-mail address before you publish");
  return {};
}

result<property> properties::create(const caller& who, const record::draft<property>& request,
                                    const std::optional<table::idempotent_request>& idempotency) {
  if (const result<void> may = may_publish(who); !may) return may.error();
  const instant now = clock_.now();
  property made = request.apply({});
  if (std::vector<problem> problems = validate(made, request); !problems.empty()) return invalid(std::move(problems));
  made.id = make_uuid_v7(now);
  made.user_id = who.id;
  made.created_at = made.updated_at = now;
  made.version = 1;

  // At first the counter as it was a moment ago, which is cheaper: what it allows is a condition of the write.
  auto wanted = table::consistency::eventual;
  for (int tries = 0; tries < create_tries_max; ++tries, wanted = table::consistency::strong) {
    const auto stored = table_.get(listing_counts_key(who.id), wanted);
    if (!stored) return stored.error();
    const listing_counts counts = to_listing_counts(*stored);
    std::int64_t held = counts.held();
    if (!counts.day_began) {
      const auto keys = keys_of(who.id, static_cast<std::size_t>(options_.limits.of(who).in_all));
      if (!keys) return keys.error();
      held = static_cast<std::int64_t>(keys->size());
    }
    const result<void> may = may_make_another(counts, held, options_.limits.of(who), now);
    if (!may && wanted == table::consistency::eventual) continue;
    if (!may) return refused_or_made(may.error(), idempotency);
    const auto written =
        write_counted(made, count_made(who.id, counts, options_.limits.of(who), now, held), idempotency);
    if (!written) return written.error();
    if (!*written) return made;
    if (idempotency && (*written)->operation == 0) return refused_or_made(key_is_gone(), idempotency);
  }
  return unavailable("a person's listings were counted by others at every try");
}

result<table::outcome> properties::write_counted(const property& made, table::operation counts,
                                                 const std::optional<table::idempotent_request>& idempotency) {
  table::put item{key_of(made.id), to_item(made), {table::absent{}}};
  std::vector<table::operation> operations;
  if (idempotency) operations.emplace_back(table::keep_reference(*idempotency, key_of(made.id), made.created_at));
  operations.emplace_back(std::move(counts));
  operations.emplace_back(std::move(item));
  return table_.write(std::move(operations));
}

/// A repeated request is answered as the first one, whatever keeps a new one from being made.
result<property> properties::refused_or_made(error why, const std::optional<table::idempotent_request>& idempotency) {
  if (!idempotency) return why;
  const auto earlier = table::made_earlier(table_, *idempotency);
  if (!earlier) return earlier.error();
  if (!*earlier) return why;
  std::optional<property> first = to_property((*earlier)->view());
  if (!first) return table::damaged("a listing that an idempotency key names");
  return *std::move(first);
}

result<void> properties::view(const caller& who, const uuid& id,
                              function_ref<void(record::item_view, const ownership&)> visit) {
  bool visible = false;
  bool fits = true;
  const auto found = table_.read(key_of(id), table::consistency::eventual, [&](record::item_view stored) {
    const auto own = ownership_of(stored);
    fits = own.has_value();
    visible = fits && (is_public(own->status) || (who.known() && own->owner == who.id));
    if (visible) visit(stored, *own);
  });
  if (!found) return found.error();
  if (!fits) return table::damaged(key_of(id));
  if (!visible) return no_such_property();
  return {};
}

result<std::vector<inquiry_counts>> properties::inquiry_counts_of(const std::vector<uuid>& ids) {
  std::vector<table::key> keys;
  keys.reserve(ids.size());
  for (const uuid& id : ids) keys.push_back(inquiry_counts_key(id));
  const auto items = table_.read_batch(keys, table::consistency::eventual);
  if (!items) return items.error();
  std::vector<inquiry_counts> counts(ids.size());
  for (std::size_t i = 0; i < counts.size(); ++i)
    if ((*items)[i]) counts[i] = to_inquiry_counts((*items)[i]->view());
  return counts;
}

result<void> properties::may_change(const caller& who, const uuid& id) {
  const auto stored = table_.get(key_of(id), table::consistency::strong);
  if (!stored) return stored.error();
  const auto found = changeable(who, id, *stored ? &**stored : nullptr, {});
  if (!found) return found.error();
  return {};
}

result<property> properties::change(const caller& who, const uuid& id, const record::draft<property>& changes,
                                    const expected_version& expected, instant deadline) {
  property after;
  const auto written =
      table::revise(table_, key_of(id), clock_, deadline, [&](const record::item* stored) -> result<table::revision> {
        result<property> before = changeable(who, id, stored, expected);
        if (!before) return before.error();
        if (changes.repeats(record::on_own)) {
          const auto counts = inquiry_counts_of({id});
          if (!counts) return counts.error();
          before->inquiry_count = counts->front().all;
          before->open_inquiry_count = counts->front().open;
        }
        const auto real = changes.against(*before);
        if (!real) return real.error();
        const bool was_public = is_public(before->status);
        if (const result<void> may = may_set_status(*before, *real); !may) return may.error();
        after = with_changes(*std::move(before), *real);
        if (std::vector<problem> problems = validate(after, *real); !problems.empty())
          return invalid(std::move(problems));
        if (is_public(after.status) && !was_public)
          if (const result<void> may = may_publish(who); !may) return may.error();
        after.updated_at = std::max(clock_.now(), after.created_at);
        ++after.version;
        return table::revision{to_item(after)};
      });
  if (!written) return written.error();
  return after;
}

result<property> properties::revise_images(const uuid& id, instant deadline, images_change how,
                                           function_ref<result<property>(const record::item* stored)> read,
                                           images_decision decide, table::condition_failure_reader refused) {
  property after;
  bool so_already = false;
  const auto apply = [&](const record::item* stored) -> result<table::revision> {
    result<property> before = read(stored);
    if (!before) return before.error();
    auto becomes = decide(*before);
    if (!becomes) return becomes.error();
    after = *std::move(before);
    so_already = !*becomes;
    if (so_already) return conflict("so already");
    set_images(after, (*becomes)->images, how, clock_.now());
    return table::revision{to_item(after), std::move((*becomes)->alongside)};
  };
  const auto written = table::revise(table_, key_of(id), clock_, deadline, apply, refused);
  if (!written && !so_already) return written.error();
  return after;
}

result<property> properties::change_images(const caller& who, const uuid& id, const expected_version& expected,
                                           instant deadline, images_decision decide,
                                           table::condition_failure_reader refused) {
  const auto read = [&](const record::item* stored) -> result<property> {
    result<property> before = changeable(who, id, stored, {});
    if (before && !before->images.admits_arranging(expected, before->version))
      return changed_meanwhile(before->version);
    return before;
  };
  return revise_images(id, deadline, images_change::by_owner, read, decide, refused);
}

result<property> properties::progress_images(const uuid& id, instant deadline, images_decision decide) {
  const auto read = [&](const record::item* stored) -> result<property> {
    if (!stored) return no_such_property();
    return table::to_entity<to_property>(key_of(id), stored->view());
  };
  return revise_images(id, deadline, images_change::by_progress, read, decide,
                       [](std::size_t, const table::condition_failure&) { return result<void>(); });
}

result<void> properties::remove(const caller& who, const uuid& id, const expected_version& expected, instant deadline) {
  return table::revise(table_, key_of(id), clock_, deadline,
                       [&](const record::item* stored) -> result<table::revision> {
                         const result<property> before = changeable(who, id, stored, expected);
                         if (!before) return before.error();
                         table::revision gone;
                         for (const removal_hook& also : options_.when_removed)
                           std::ranges::move(also(*before, clock_.now()), std::back_inserter(gone.alongside));
                         gone.alongside.push_back(count_removed(before->user_id, clock_.now()));
                         return gone;
                       });
}

result<void> properties::add_counts(std::vector<std::string>& cards) {
  std::vector<uuid> ids;
  for (const std::string& card : cards) {
    const record::value id = record::card_value(card, tag::id);
    ids.emplace_back();
    std::copy_n(id.text.begin(), std::min(id.text.size(), ids.back().bytes.size()), ids.back().bytes.begin());
  }
  const auto counts = inquiry_counts_of(ids);
  if (!counts) return counts.error();
  for (std::size_t i = 0; i < cards.size(); ++i) {
    property owned;
    owned.inquiry_count = (*counts)[i].all;
    owned.open_inquiry_count = (*counts)[i].open;
    record::append_card(cards[i], property::fields(), &owned, record::on_own);
  }
  return {};
}

result<std::optional<std::string>> properties::list(const caller& who, const listing_query& query,
                                                    function_ref<void(std::string_view card)> show) {
  if (query.mine() && !who.known()) return unauthenticated("owner=me requires an access token");
  if (std::vector<problem> problems = validate(query); !problems.empty()) return invalid(std::move(problems));
  cities how = cities::by_key;
  if (query.city && !query.mine()) {
    const auto current = city_keys_.current();
    if (!current) return current.error();
    if (!*current) how = cities::on_cards;
  }
  table::query rows = plan(query, who.id, how);
  const std::string question = question_of(query, who.id);
  if (const auto resumed = seal_.resume(rows, query.cursor, question); !resumed) return resumed.error();
  const card_filter filter(query, how);
  std::string card;
  const auto next = table::read_page(
      table_, std::move(rows), static_cast<std::size_t>(query.limit), filter.admits_all(),
      [&](const table::row& row) { return filter.admits(row.card); },
      [&](const table::row& row) { show(whole_card(row, card)); });
  if (!next) return next.error();
  if (!*next) return std::optional<std::string>();
  return std::optional(seal_.seal(**next, question));
}

}  // namespace spaces::properties
