#include "marketplace/properties/listing_query.hpp"

#include "platform/base/folding.hpp"
#include "platform/record/card.hpp"
#include "platform/table/page.hpp"

#include <algorithm>

namespace spaces::properties {

namespace {

using namespace record;

/// Words of a search: more than a sentence is no search.
constexpr std::size_t q_max = 100;
/// Filters by more features than that are no filters any more.
constexpr std::size_t features_max_count = 10;
constexpr decimal zero{};
constexpr decimal price_max{99'999'999'999'999, 2};
constexpr decimal rooms_max{1000, 0};
constexpr decimal square_feet_max{100'000'000, 0};

constexpr field query_fields[] = {
    of<&listing_query::limit>("limit", on_create, table::page_limit_rules),
    of<&listing_query::cursor>("cursor", on_create, table::page_cursor_rules),
    of<&listing_query::sort>("sort", on_create,
                             {.doc = "Order; newest first unless given", .example = "\"-createdAt\""}),
    of<&listing_query::owner>("owner", on_create, {.doc = "`me`: the caller's listings of any status, by date only"}),
    of<&listing_query::status>("status", on_create,
                               {.doc = "active unless given; all but active, pending and sold with `owner=me` only"}),
    of<&listing_query::city>("city", on_create,
                             {.length_min = 1,
                              .length_max = 100,
                              .opaque = true,
                              .doc = "Whatever its case, accents, apostrophes and hyphens",
                              .example = "\"Seattle\""}),
    of<&listing_query::state>("state", on_create,
                              {.length_min = 1,
                               .length_max = 50,
                               .opaque = true,
                               .doc = "Whatever its case and accents",
                               .example = "\"WA\""}),
    of<&listing_query::zip_code>(
        "zipCode", on_create,
        {.length_min = 1,
         .length_max = 16,
         .opaque = true,
         .doc = "Whatever its case, spaces and hyphens; a ZIP finds its ZIP+4, the first part of "
                "a Canadian, British, Irish or Dutch code its area",
         .example = "\"98103\""}),
    of<&listing_query::min_price>("minPrice", on_create,
                                  {.min = zero, .max = price_max, .places_max = 2, .example = "300000"}),
    of<&listing_query::max_price>("maxPrice", on_create,
                                  {.min = zero, .max = price_max, .places_max = 2, .example = "600000"}),
    of<&listing_query::min_bedrooms>("minBedrooms", on_create, {.min = zero, .max = rooms_max, .example = "3"}),
    of<&listing_query::min_bathrooms>(
        "minBathrooms", on_create,
        {.min = zero, .max = rooms_max, .places_max = 2, .step = decimal{25, 2}, .example = "1.5"}),
    of<&listing_query::min_square_feet>("minSquareFeet", on_create,
                                        {.min = zero, .max = square_feet_max, .example = "1200"}),
    of<&listing_query::features>("features", on_create,
                                 {.length_min = 1,
                                  .length_max = 60,
                                  .items_max = features_max_count,
                                  .opaque = true,
                                  .doc = "All of them, comma-separated",
                                  .example = "[\"garden\"]"}),
    of<&listing_query::q>("q", on_create,
                          {.length_min = 1,
                           .length_max = q_max,
                           .opaque = true,
                           .doc = "Words that title, address or city all hold",
                           .example = "\"craftsman park\""}),
};

bool same_folded(const value& held, const std::string& folded) {
  return held.kind == value_kind::text && fold(held.text) == folded;
}

/// True when a number of the card is at least `least`; absent numbers are not.
bool at_least(std::string_view card, std::uint8_t tag, decimal least) {
  const auto held = card_number(card, tag);
  return held && *held >= least;
}

void sort_once(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) (out += out.empty() ? "" : " ") += word;
  return out;
}

/// The query as every spelling of the same one has it.
listing_query canonical(listing_query query) {
  if (!query.mine()) query.status = query.status.value_or(property_status::active);
  if (query.city) query.city = fold(*query.city);
  if (query.state) query.state = fold(*query.state);
  if (query.zip_code) query.zip_code = fold_postcode(*query.zip_code);
  for (std::string& feature : query.features) feature = fold(feature);
  sort_once(query.features);
  if (query.q) {
    std::vector<std::string> words = words_of(fold(*query.q));
    sort_once(words);
    query.q = joined(words);
  }
  return query;
}

}  // namespace

field_span listing_query::fields() { return query_fields; }

std::vector<problem> validate(const listing_query& query) {
  std::vector<problem> problems;
  if (query.mine() && query.by_price())
    problems.push_back({"sort", "not-a-choice", "with owner=me must be one of -createdAt, createdAt"});
  if (!query.mine() && query.status && !is_public(*query.status))
    problems.push_back({"status", "not-a-choice", "must be one of active, pending, sold unless owner=me is given"});
  if (query.min_price && query.max_price && *query.min_price > *query.max_price)
    problems.push_back({"minPrice", "too-large", "must be at most maxPrice"});
  return problems;
}

table::query plan(const listing_query& query, const uuid& who, cities how) {
  table::query rows;
  const bool descending = query.sort == listing_sort::newest || query.sort == listing_sort::dearest;
  rows.direction = descending ? table::direction::backward : table::direction::forward;
  if (query.mine()) {
    rows.index = table::index::gsi1;
    rows.partition = owner_partition(who);
    rows.from = std::string(owner_prefix);
    rows.to = std::string(owner_prefix) + "~";  // behind every digit of a time
    return rows;
  }
  const property_status status = query.status.value_or(property_status::active);
  const bool in_city = query.city && how == cities::by_key;
  rows.partition = in_city ? city_partition(*query.city, status) : status_partition(status);
  if (!query.by_price()) {
    rows.index = in_city ? table::index::gsi4 : table::index::gsi2;
    return rows;
  }
  rows.index = in_city ? table::index::gsi5 : table::index::gsi3;
  if (query.min_price) rows.from = price_lower_bound(*query.min_price);
  if (query.max_price) rows.to = price_upper_bound(*query.max_price);
  return rows;
}

std::string question_of(const listing_query& query, const uuid& who) {
  const listing_query same = canonical(query);
  return table::question_text(query.mine() ? to_text(who) : "listings", query_fields, &same);
}

card_filter::card_filter(const listing_query& query, cities how)
    : query_(query), check_status_(query.mine() && query.status) {
  if ((query.mine() || how == cities::on_cards) && query.city)
    city_ = fold(*query.city);  // else the index's partition is the city
  if (query.state) state_ = fold(*query.state);
  if (query.zip_code) zip_code_ = fold_postcode(*query.zip_code);
  for (const std::string& feature : query.features) features_.push_back(fold(feature));
  if (query.q) words_ = words_of(fold(*query.q));
}

bool card_filter::admits_all() const {
  const bool prices = (query_.min_price || query_.max_price) && !query_.by_price();
  return !check_status_ && !city_ && !state_ && !zip_code_ && features_.empty() && words_.empty() && !prices &&
         !query_.min_bedrooms && !query_.min_bathrooms && !query_.min_square_feet;
}

bool card_filter::admits(std::string_view card) const {
  if (check_status_ && card_choice(card, tag::status, property_status_names) != to_name(*query_.status)) return false;
  if (!admits_numbers(card)) return false;
  if (zip_code_ && !in_postcode(fold_postcode(card_value(card, tag::zip_code).text), *zip_code_)) return false;
  if (state_ && !same_folded(card_value(card, tag::state), *state_)) return false;
  if (city_ && !same_folded(card_value(card, tag::city), *city_)) return false;
  return (features_.empty() || admits_features(card)) && (words_.empty() || admits_words(card));
}

bool card_filter::admits_numbers(std::string_view card) const {
  if (query_.min_price || query_.max_price) {
    const auto price = card_number(card, tag::price);
    if (!price || (query_.min_price && *price < to_decimal(*query_.min_price)) ||
        (query_.max_price && *price > to_decimal(*query_.max_price)))
      return false;
  }
  if (query_.min_bedrooms && !at_least(card, tag::bedrooms, make_decimal(*query_.min_bedrooms, 0))) return false;
  if (query_.min_bathrooms && !at_least(card, tag::bathrooms, to_decimal(*query_.min_bathrooms))) return false;
  return !query_.min_square_feet || at_least(card, tag::square_feet, make_decimal(*query_.min_square_feet, 0));
}

bool card_filter::admits_features(std::string_view card) const {
  std::vector<std::string> held;
  card_value(card, tag::features).texts.each([&](std::string_view feature) { held.push_back(fold(feature)); });
  return std::all_of(features_.begin(), features_.end(), [&](const std::string& wanted) {
    return std::find(held.begin(), held.end(), wanted) != held.end();
  });
}

bool card_filter::admits_words(std::string_view card) const {
  std::string text(card_value(card, tag::title).text);
  for (std::uint8_t part : {tag::address, tag::city}) {
    text += '\n';
    text += card_value(card, part).text;
  }
  const std::string folded = fold(text);
  return std::all_of(words_.begin(), words_.end(),
                     [&](const std::string& word) { return folded.find(word) != std::string::npos; });
}

}  // namespace spaces::properties
