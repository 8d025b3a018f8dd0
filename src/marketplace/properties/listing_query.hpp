/// The parameters of the list of listings, and which index answers it.
#pragma once

#include "marketplace/properties/property.hpp"
#include "platform/base/caller.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

enum class listing_owner { me };
enum class listing_sort { newest, oldest, cheapest, dearest };

inline constexpr std::string_view listing_owner_names[] = {"me"};
inline constexpr std::string_view listing_sort_names[] = {"-createdAt", "createdAt", "price", "-price"};

}  // namespace spaces::properties

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::properties::listing_owner> =
    spaces::properties::listing_owner_names;
template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::properties::listing_sort> =
    spaces::properties::listing_sort_names;

namespace spaces::properties {

struct listing_query {
  std::int64_t limit = 20;
  std::optional<std::string> cursor;
  listing_sort sort = listing_sort::newest;
  std::optional<listing_owner> owner;
  std::optional<property_status> status;
  std::optional<std::string> city;
  std::optional<std::string> state;
  std::optional<std::string> zip_code;
  std::optional<money> min_price;
  std::optional<money> max_price;
  std::optional<std::int64_t> min_bedrooms;
  std::optional<quarters> min_bathrooms;
  std::optional<std::int64_t> min_square_feet;
  std::vector<std::string> features;
  std::optional<std::string> q;

  static record::field_span fields();

  bool mine() const { return owner.has_value(); }
  bool by_price() const { return sort == listing_sort::cheapest || sort == listing_sort::dearest; }
};

/// Rules that span parameters: price order and drafts are not for `owner=me` and for strangers.
std::vector<problem> validate(const listing_query& query);

/// Whether a city is a key of the index, or looked for on the cards of a status (properties/city_keys.hpp). Places in
/// both are the same, so that a cursor of one goes on in the other.
enum class cities { by_key, on_cards };

/// The rows that can hold the answer, in its order.
table::query plan(const listing_query& query, const uuid& who, cities how = cities::by_key);

/// A text that is the same for every spelling of the same query, whatever its limit and cursor: what a cursor belongs
/// to.
std::string question_of(const listing_query& query, const uuid& who);

/// What of a question the index does not answer, checked on each card. Folds its texts once.
class card_filter {
 public:
  explicit card_filter(const listing_query& query, cities how = cities::by_key);
  /// True when the index alone answers the question: every card is admitted.
  bool admits_all() const;
  bool admits(std::string_view card) const;

 private:
  bool admits_numbers(std::string_view card) const;
  bool admits_features(std::string_view card) const;
  bool admits_words(std::string_view card) const;

  const listing_query& query_;
  bool check_status_ = false;
  std::optional<std::string> city_;
  std::optional<std::string> state_;
  std::optional<std::string> zip_code_;
  std::vector<std::string> features_;
  std::vector<std::string> words_;
};

}  // namespace spaces::properties
