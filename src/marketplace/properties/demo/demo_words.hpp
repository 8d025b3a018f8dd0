/// What demonstration listings are made of: places, streets, features and sentences. Data only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace spaces::properties::demo {

struct city {
  std::string_view name;
  std::string_view state;
  std::string_view zip_codes[4];
  double latitude;  ///< of its centre, WGS 84
  double longitude;
  std::int64_t price_median;  ///< of a house of 1,700 square feet, in dollars
  int condo_percent;
  int year_median;  ///< in which half of its houses stood
  int weight;       ///< how often it comes, against the others
};
std::span<const city> cities();

/// A kind of home. Sizes are log-normal: a median in square feet and the deviation of the logarithm.
struct kind {
  std::string_view property_type;
  std::string_view noun;  ///< in a sentence
  int weight;             ///< among the homes that are no condominiums
  double size_median;
  double size_deviation;
  double lot_median;  ///< 0: no land of its own
  double price_factor;
  double square_feet_per_bedroom;
};
std::span<const kind> kinds();  ///< the first is the condominium

std::span<const std::string_view> street_names();
std::span<const std::string_view> street_kinds();

/// A feature and what is said of it; `for_kind` as a bit mask over kinds().
struct feature {
  std::string_view name;
  unsigned for_kinds;
  int percent;
  std::string_view sentence;  ///< may be empty
};
std::span<const feature> features();

/// Sentences with placeholders in braces: {adjective} {noun} {beds} {baths} {size} {year} {city}
/// {street} {place}. One of each group makes a description, features between.
std::span<const std::string_view> openings();
std::span<const std::string_view> interiors();
std::span<const std::string_view> kitchens();
std::span<const std::string_view> surroundings();
std::span<const std::string_view> closings();
std::span<const std::string_view> titles();
std::span<const std::string_view> adjectives();
std::span<const std::string_view> places();

/// What a house of its time is called.
std::string_view style_of(int year);

}  // namespace spaces::properties::demo
