// What an operator does: takes a listing down and restores it, hides those of a suspended person and shows them again.
#include "marketplace/properties/properties.hpp"
#include "platform/base/legible.hpp"
#include "platform/base/text.hpp"
#include "platform/table/entity.hpp"
#include "platform/table/page.hpp"
#include "platform/table/revise.hpp"

#include <algorithm>
#include <limits>

namespace spaces::properties {

namespace {

/// What a decision makes of a listing; empty: it is so already.
using decider = function_ref<result<std::optional<property>>(property before)>;

result<void> validate_reason(std::string_view words) {
  if (is_utf8(words) && code_points(words) <= takedown_reason_max && !has_control(words, true) && is_readable(words))
    return {};
  return invalid({{"reason", "malformed", "must be 1 to " + std::to_string(takedown_reason_max) + " characters"}});
}

property moderated(property p, const clock& clock) {
  settle_status(p);
  p.updated_at = std::max(clock.now(), p.created_at);
  ++p.version;
  return p;
}

}  // namespace

/// `told`: the decision that its owner hears of, with what is written beside it.
result<void> properties::moderate(const uuid& id, instant deadline, decider decide, const operator_decision* told) {
  bool so_already = false;
  const auto written =
      table::revise(table_, key_of(id), clock_, deadline, [&](const record::item* stored) -> result<table::revision> {
        if (!stored) return not_found("property");
        std::optional<property> before = to_property(stored->view());
        if (!before) return table::damaged(key_of(id));
        result<std::optional<property>> after = decide(*std::move(before));
        if (!after) return after.error();
        so_already = !*after;
        if (so_already) return conflict("so already");
        const property made = moderated(**std::move(after), clock_);
        table::revision becomes{to_item(made)};
        if (told) becomes.alongside = told->also;
        if (told && options_.when_decided)
          becomes.alongside.push_back(options_.when_decided(made, trim(told->reason), clock_.now()));
        return becomes;
      });
  return so_already ? result<void>() : written;
}

result<void> properties::take_down(const uuid& id, const operator_decision& decision, instant deadline) {
  if (const auto valid = validate_reason(decision.reason); !valid) return valid;
  const std::string_view words = trim(decision.reason);
  const auto decide = [&](property before) -> result<std::optional<property>> {
    if (before.takedown_reason == words) return conflict("The listing is taken down for this reason already");
    before.takedown_reason = words;
    return std::optional(std::move(before));
  };
  return moderate(id, deadline, decide, &decision);
}

result<void> properties::restore(const uuid& id, const operator_decision& decision, instant deadline) {
  if (const auto valid = validate_reason(decision.reason); !valid) return valid;
  const auto decide = [&](property before) -> result<std::optional<property>> {
    if (!before.takedown_reason) return conflict("The listing is not taken down");
    before.takedown_reason.reset();
    return std::optional(std::move(before));
  };
  return moderate(id, deadline, decide, &decision);
}

result<void> properties::set_owner_suspended(const uuid& owner, bool suspended, instant deadline) {
  const auto keys = keys_of(owner, std::numeric_limits<std::size_t>::max());
  if (!keys) return keys.error();
  const auto decide = [&](property before) -> result<std::optional<property>> {
    // What was never public has nothing to hide; a listing that is taken down stays hidden when it is restored.
    const bool hides = is_public(before.status) || is_moderated(before.status);
    if (before.user_id != owner || before.owner_suspended.value_or(false) == suspended || !hides)
      return std::optional<property>();
    before.owner_suspended = suspended ? std::optional(true) : std::nullopt;
    return std::optional(std::move(before));
  };
  for (const table::key& key : *keys) {
    const std::optional<uuid> id = parse_uuid(std::string_view(key.pk).substr(key.pk.find('#') + 1));
    if (!id) return internal("a listing's key without an id: " + key.pk);
    const result<void> done = moderate(*id, deadline, decide, nullptr);
    // It may be deleted meanwhile.
    if (!done && done.error().kind != error_kind::not_found) return done;
  }
  return {};
}

result<void> properties::hide_all(const uuid& owner, instant deadline) {
  return set_owner_suspended(owner, true, deadline);
}

result<void> properties::unhide_all(const uuid& owner, instant deadline) {
  return set_owner_suspended(owner, false, deadline);
}

result<void> properties::visit_for_operator(const operator_query& which, function_ref<bool(const property&)> visit) {
  table::query rows;
  if (which.owner) {
    rows.partition = owner_partition(*which.owner);
    rows.from = std::string(owner_prefix);
    rows.to = std::string(owner_prefix) + '~';  // behind every time
  } else {
    rows.index = table::index::gsi2;
    rows.partition = status_partition(which.status.value_or(property_status::taken_down));
  }
  rows.direction = table::direction::backward;
  const auto keys = table::keys_of_rows(table_, std::move(rows), which.limit);
  if (!keys) return keys.error();
  bool goes_on = true;
  return table::read_items(table_, *keys, [&](record::item_view stored) -> result<void> {
    if (!goes_on) return {};
    const std::optional<property> p = to_property(stored);
    if (!p) return table::damaged("a listing");
    if (!which.status || p->status == *which.status) goes_on = visit(*p);
    return {};
  });
}

}  // namespace spaces::properties
