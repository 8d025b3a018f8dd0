#include "properties/properties.hpp"

#include "table/revise.hpp"

#include <algorithm>

namespace spaces::properties {

namespace {

error no_such_property() { return not_found("property"); }

error damaged(const uuid& id) {
  return internal("property " + to_text(id) + " has attributes that do not fit its fields");
}

/// The rule of every change: a stranger may not, and may not even know of what is not public.
result<void> may_change(const caller& who, const property& p, const expected_version& expected) {
  if (!p.owned_by(who)) {
    if (!is_public(p.status)) return no_such_property();
    return forbidden("Only its owner changes a property");
  }
  if (!expected.admits(p.version)) {
    error stale = conflict("The property has version " + std::to_string(p.version) + " now; read it again");
    stale.kind = error_kind::precondition_failed;
    return stale;
  }
  return {};
}

/// The property behind an item, if the caller may change it.
result<property> changeable(const caller& who, const uuid& id, const record::item* stored,
                            const expected_version& expected) {
  if (!stored) return no_such_property();
  std::optional<property> p = to_property(stored->view());
  if (!p) return damaged(id);
  if (const result<void> may = may_change(who, *p, expected); !may) return may.error();
  return *std::move(p);
}

}  // namespace

properties::properties(table::single_table& table, const clock& clock, std::string_view store_secret,
                       properties_options options)
    : table_(table), clock_(clock), seal_(store_secret), options_(options) {}

result<void> properties::may_publish(const caller& who) const {
  if (!who.publishes()) return forbidden("Only sellers and agents publish properties");
  if (options_.publishers_must_be_verified && !who.verified) {
    error unverified = forbidden("Confirm your e-mail address before you publish");
    unverified.type = "email-unverified";
    return unverified;
  }
  return {};
}

result<property> properties::create(const caller& who, const record::draft<property>& asked,
                                    const std::optional<table::idempotent_request>& once) {
  if (const result<void> may = may_publish(who); !may) return may.error();
  const instant now = clock_.now();
  property made = asked.apply({});
  made.id = make_uuid_v7(now);
  made.user_id = who.id;
  made.created_at = made.updated_at = now;
  made.version = 1;

  const record::item stored = to_item(made);
  std::vector<table::operation> operations{table::put{key_of(made.id), stored, {table::absent{}}}};
  if (once) operations.emplace_back(table::keep_answer(*once, stored, now));
  const auto written = table_.write(std::move(operations));
  if (!written) return written.error();
  if (!*written) return made;
  if (!once) return internal("a new id was there already: " + to_text(made.id));

  const auto earlier = table::kept_answer(table_, *once);
  if (!earlier) return earlier.error();
  if (!*earlier) return unavailable("an idempotency key was kept and is gone");
  std::optional<property> first = to_property((*earlier)->view());
  if (!first) return damaged(made.id);
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
  if (!fits) return damaged(id);
  if (!visible) return no_such_property();
  return {};
}

result<property> properties::change(const caller& who, const uuid& id, const record::draft<property>& asked,
                                    const expected_version& expected, instant deadline) {
  property after;
  const auto written =
      table::revise(table_, key_of(id), clock_, deadline, [&](const record::item* stored) -> result<table::revision> {
        result<property> before = changeable(who, id, stored, expected);
        if (!before) return before.error();
        const bool was_public = is_public(before->status);
        after = asked.apply(*std::move(before));
        if (is_public(after.status) && !was_public)
          if (const result<void> may = may_publish(who); !may) return may.error();
        after.updated_at = std::max(clock_.now(), after.created_at);
        ++after.version;
        return table::revision{to_item(after)};
      });
  if (!written) return written.error();
  return after;
}

result<void> properties::remove(const caller& who, const uuid& id, const expected_version& expected, instant deadline) {
  return table::revise(table_, key_of(id), clock_, deadline,
                       [&](const record::item* stored) -> result<table::revision> {
                         const result<property> before = changeable(who, id, stored, expected);
                         if (!before) return before.error();
                         return table::revision{};
                       });
}

result<std::optional<std::string>> properties::list(const caller& who, const listing_query& asked,
                                                    function_ref<void(std::string_view card)> show) {
  if (asked.mine() && !who.known()) return unauthenticated("Whose listings? owner=me needs an access token");
  if (std::vector<problem> problems = problems_of(asked); !problems.empty()) return invalid(std::move(problems));
  table::query rows = plan(asked, who.id);
  const std::string question = question_of(asked, who.id);
  if (asked.cursor) {
    rows.after = seal_.open(*asked.cursor, question);
    if (!rows.after)
      return invalid({{"cursor", "bad-cursor", "must be the nextCursor of a page with the same filters and order"}});
  }
  const card_filter filter(asked);
  const auto wanted = static_cast<std::size_t>(asked.limit);
  rows.limit = filter.admits_all() ? wanted + 1 : examined_rows_max;
  std::size_t shown = 0;
  table::position last;  // of the last row on the page, or examined in vain behind it
  bool one_more = false;
  const auto keep_place = [&](const table::row& row) {
    last.sort_key.assign(row.sort_key);
    last.key.pk.assign(row.key.pk);
    last.key.sk.assign(row.key.sk);
  };
  const auto more = table_.visit_index(rows, [&](const table::row& row) {
    const bool fits = filter.admits(row.card);
    if (fits && shown == wanted) {
      one_more = true;  // so there is a next page: no last page is empty
      return false;
    }
    if (fits) {
      show(row.card);
      ++shown;
    }
    keep_place(row);
    return true;
  });
  if (!more) return more.error();
  const bool gave_up = *more && !one_more;
  if (!one_more && !gave_up) return std::optional<std::string>();
  return std::optional(seal_.seal(last, question));
}

}  // namespace spaces::properties
