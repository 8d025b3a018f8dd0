#include "marketplace/properties/listing_counts.hpp"

#include "marketplace/properties/problems.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace spaces::properties {

namespace {

using record::value;

constexpr std::string_view made_attribute = "made";
constexpr std::string_view removed_attribute = "removed";
constexpr std::string_view before_attribute = "madeBefore";
constexpr std::string_view began_attribute = "dayBegan";

value number(std::int64_t n) { return value::of(make_decimal(n, 0)); }

std::int64_t number_of(record::item_view stored, std::string_view attribute) {
  const value held = stored.find(attribute);
  return held.kind == record::value_kind::number ? scaled(held.number, 0).value_or(0) : 0;
}

record::item head(instant now) {
  record::item made;
  made.append(table::name::entity_type, value::of(std::string_view("ListingCounts")));
  made.append(table::name::created_at, value::of(std::string_view(to_text(now))));
  return made;
}

table::condition still(std::string_view attribute, std::int64_t n) {
  return table::equals{std::string(attribute), make_decimal(n, 0)};
}

}  // namespace

table::key listing_counts_key(const uuid& owner) { return {"USER#" + to_text(owner), "LISTINGS"}; }

listing_counts to_listing_counts(const std::optional<record::item>& stored) {
  if (!stored) return {};
  const record::item_view view = stored->view();
  return {number_of(view, made_attribute), number_of(view, removed_attribute), number_of(view, before_attribute),
          parse_instant(view.find(began_attribute).text)};
}

table::operation count_made(const uuid& owner, const listing_counts& counts, const listing_bounds& bounds, instant now,
                            std::int64_t held) {
  if (!counts.day_is_over(now)) {
    const std::int64_t most = std::min(counts.made_before + bounds.a_day, counts.removed + bounds.in_all);
    return table::add{listing_counts_key(owner),
                      std::string(made_attribute),
                      1,
                      {table::exists{}, table::below{std::string(made_attribute), make_decimal(most, 0)}},
                      {}};
  }
  // A new day: the item is written anew, unless somebody else does so now.
  const std::int64_t made = counts.day_began ? counts.made : held + counts.removed;
  record::item begun = head(now);
  begun.append(made_attribute, number(made + 1));
  begun.append(removed_attribute, number(counts.removed));
  begun.append(before_attribute, number(made));
  begun.append(began_attribute, value::of(std::string_view(to_text(now))));
  std::vector<table::condition> unchanged;
  if (counts.day_began) unchanged.push_back(still(made_attribute, counts.made));
  if (counts.day_began || counts.removed > 0) unchanged.push_back(still(removed_attribute, counts.removed));
  if (unchanged.empty()) unchanged.emplace_back(table::absent{});
  return table::put{listing_counts_key(owner), std::move(begun), std::move(unchanged)};
}

table::operation count_removed(const uuid& owner, instant now) {
  return table::add{listing_counts_key(owner), std::string(removed_attribute), 1, {}, head(now)};
}

result<void> may_make_another(const listing_counts& counts, std::int64_t held, const listing_bounds& bounds,
                              instant now) {
  if (held >= bounds.in_all) {
    return error_of(
        problems::too_many_listings,
        fmt::format("You have {} listings, drafts too, and {} is the most: delete one first", held, bounds.in_all));
  }
  if (!counts.day_is_over(now) && counts.made >= counts.made_before + bounds.a_day) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(*counts.day_began + listing_day - now);
    error often = limited(
        fmt::format("At most {} listings may be made in {} hours, drafts too", bounds.a_day, listing_day.count()),
        wait);
    often.rate = rate_limit{"listings", bounds.a_day, listing_day};
    return often;
  }
  return {};
}

}  // namespace spaces::properties
