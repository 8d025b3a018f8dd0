#include "marketplace/properties/demo/demo.hpp"

#include "marketplace/properties/demo/demo_random.hpp"
#include "marketplace/properties/demo/demo_texts.hpp"
#include "marketplace/properties/demo/demo_words.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace spaces::properties {

namespace {

using demo::dice;

constexpr uuid seller_id(std::uint8_t number) {
  uuid id;
  id.bytes[6] = 0x80;  // version 8: ours to fill
  id.bytes[8] = 0x80;
  id.bytes[14] = 0xde;
  id.bytes[15] = number;
  return id;
}

constexpr demo_seller all_sellers[] = {
    {"Ann Whitfield", "seller", seller_id(1)},    {"Ben Okafor", "seller", seller_id(2)},
    {"Carla Jimenez", "seller", seller_id(3)},    {"Dao Nguyen", "agent", seller_id(4)},
    {"Elm Street Realty", "agent", seller_id(5)}, {"Fairview Homes", "agent", seller_id(6)},
};
/// Agents have most listings.
constexpr int seller_weights[] = {2, 2, 2, 14, 40, 40};

template <class Row>
std::size_t weighted(dice& roll, std::span<const Row> rows, int Row::* weight) {
  int all = 0;
  for (const Row& one : rows) all += one.*weight;
  int left = static_cast<int>(roll.below(static_cast<std::uint64_t>(all)));
  std::size_t at = 0;
  while ((left -= rows[at].*weight) >= 0) ++at;
  return at;
}

std::int64_t rounded(double value, std::int64_t to) {
  return static_cast<std::int64_t>(std::llround(value / static_cast<double>(to))) * to;
}

/// Prices as people ask them: even thousands, or just below.
money asking_price(dice& roll, double worth) {
  std::int64_t dollars = worth < 1'000'000 ? rounded(worth, 1000) : rounded(worth, 5000);
  dollars = std::max<std::int64_t>(dollars, 25'000);
  if (roll.percent(38)) dollars -= dollars < 1'000'000 ? 100 : 1000;
  return money{dollars * 100};
}

property_status status_of(dice& roll) {
  const auto percent = roll.below(100);
  if (percent < 82) return property_status::active;
  if (percent < 90) return property_status::pending;
  if (percent < 98) return property_status::sold;
  return percent == 98 ? property_status::draft : property_status::withdrawn;
}

decimal degrees(double value) { return make_decimal(static_cast<std::int64_t>(std::llround(value * 1e6)), 6); }

/// Size, rooms, land and age: each follows from the ones before.
void shape(property& p, dice& roll, const demo::city& where, const demo::kind& what) {
  p.property_type = what.property_type;
  p.square_feet =
      std::clamp<std::int64_t>(rounded(roll.log_normal(what.size_median, what.size_deviation), 10), 320, 9000);
  const double rooms = static_cast<double>(*p.square_feet) / what.square_feet_per_bedroom + roll.normal() * 0.45;
  p.bedrooms = std::clamp<std::int64_t>(std::llround(rooms), *p.square_feet < 620 ? 0 : 1, 7);
  const double baths = 0.55 * static_cast<double>(std::max<std::int64_t>(*p.bedrooms, 1)) + 0.6 + roll.normal() * 0.35;
  static constexpr std::int64_t parts[] = {0, 0, 1, 2, 2, 3};  // of the last bath, in quarters
  const auto whole = std::clamp<std::int64_t>(std::llround(baths - 0.25), 1, 6);
  p.bathrooms = quarters{whole * 4 + (whole < 6 && *p.bedrooms > 1 ? parts[roll.below(std::size(parts))] : 0)};
  if (what.lot_median > 0)
    p.lot_square_feet = std::max<std::int64_t>(rounded(roll.log_normal(what.lot_median, 0.5), 10), *p.square_feet / 2);
  const double year = where.year_median + roll.normal() * 26;
  p.year_built = std::clamp<std::int64_t>(std::llround(year), 1880, 2025);
}

void place(property& p, dice& roll, const demo::city& where, const demo::kind& what) {
  p.city = where.name;
  p.state = where.state;
  p.zip_code = where.zip_codes[roll.below(std::size(where.zip_codes))];
  p.latitude = degrees(where.latitude + roll.normal() * 0.022);
  p.longitude = degrees(where.longitude + roll.normal() * 0.026);
  static constexpr std::string_view directions[] = {"N ", "S ", "E ", "W ", "NE ", "SW "};
  std::string street;
  if (roll.percent(30)) street += roll.pick(std::span<const std::string_view>(directions));
  (street += roll.pick(demo::street_names())) += ' ';
  street += roll.pick(demo::street_kinds());
  p.address = fmt::format("{} {}", 100 + roll.below(4900) * (roll.percent(25) ? 2 : 1), street);
  if (&what == &demo::kinds().front()) *p.address += fmt::format(" #{}{:02}", 1 + roll.below(9), 1 + roll.below(12));
}

void furnish(property& p, dice& roll, std::size_t kind) {
  for (const demo::feature& one : demo::features()) {
    const bool fits = (one.for_kinds >> kind & 1u) != 0;
    if (fits && roll.percent(static_cast<unsigned>(one.percent)) && p.features.size() < 8)
      p.features.emplace_back(one.name);
  }
}

/// Evenly over the span, each within its own share of it: the older the lower its number.
instant time_of(const demo_plan& plan, std::uint64_t n, dice& roll) {
  const auto span = static_cast<std::uint64_t>(std::chrono::milliseconds(demo_span).count());
  __extension__ using wide = unsigned __int128;
  const auto at = static_cast<std::uint64_t>(wide{span} * n / plan.count);
  const auto share = std::max<std::uint64_t>(span / plan.count, 1);
  return plan.until - demo_span + std::chrono::milliseconds(at + roll.below(share));
}

/// A version 7 of the listing's time: ids grow with time, as those of listings made here do.
uuid id_of(instant when, std::uint64_t n, dice& roll) {
  uuid id;
  const auto milliseconds = static_cast<std::uint64_t>(when.time_since_epoch().count());
  for (std::size_t at = 0; at < 6; ++at) id.bytes[at] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * at));
  id.bytes[6] = static_cast<std::uint8_t>(0x70u | (n >> 8 & 0x0fu));
  id.bytes[7] = static_cast<std::uint8_t>(n);
  const std::uint64_t random = roll.next();
  for (std::size_t at = 8; at < 16; ++at) id.bytes[at] = static_cast<std::uint8_t>(random >> (8 * (at - 8)));
  id.bytes[8] = static_cast<std::uint8_t>(0x80u | (id.bytes[8] & 0x3fu));
  return id;
}

}  // namespace

std::span<const demo_seller> demo_sellers() { return all_sellers; }

property demo_listing(const demo_plan& plan, std::uint64_t n) {
  dice roll(plan.seed, n);
  property p;
  p.created_at = p.updated_at = time_of(plan, n, roll);
  p.id = id_of(p.created_at, n, roll);
  p.version = 1;
  const demo::city& where = demo::cities()[weighted(roll, demo::cities(), &demo::city::weight)];
  const bool condo = roll.percent(static_cast<unsigned>(where.condo_percent));
  const std::size_t kind = condo ? 0 : weighted(roll, demo::kinds(), &demo::kind::weight);
  const demo::kind& what = demo::kinds()[kind];
  shape(p, roll, where, what);
  place(p, roll, where, what);
  furnish(p, roll, kind);
  const double by_size = std::pow(static_cast<double>(*p.square_feet) / 1700.0, 0.8);
  p.price =
      asking_price(roll, roll.log_normal(static_cast<double>(where.price_median) * by_size * what.price_factor, 0.21));
  p.status = status_of(roll);
  int left = static_cast<int>(roll.below(100));
  std::size_t seller = 0;
  while ((left -= seller_weights[seller]) >= 0) ++seller;
  p.user_id = all_sellers[seller].id;
  demo::write_texts(p, roll, what.noun);
  return p;
}

}  // namespace spaces::properties
