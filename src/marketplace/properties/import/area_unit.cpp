#include "marketplace/properties/import/area_unit.hpp"

#include "platform/base/decimal.hpp"
#include "platform/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace spaces::properties {

namespace {

struct unit_name {
  std::string_view folded;
  area_unit unit;
};

/// Folded: lower case, no spaces, points and underscores, ² as 2.
constexpr unit_name unit_names[] = {
    {"squarefeet", area_unit::square_feet},
    {"squarefoot", area_unit::square_feet},
    {"sqft", area_unit::square_feet},
    {"sqfeet", area_unit::square_feet},
    {"sf", area_unit::square_feet},
    {"ft2", area_unit::square_feet},
    {"feet2", area_unit::square_feet},
    {"sqfoot", area_unit::square_feet},
    {"feet", area_unit::square_feet},
    {"squaremeters", area_unit::square_meters},
    {"squaremeter", area_unit::square_meters},
    {"squaremetres", area_unit::square_meters},
    {"squaremetre", area_unit::square_meters},
    {"sqm", area_unit::square_meters},
    {"sqmt", area_unit::square_meters},
    {"sqmtr", area_unit::square_meters},
    {"sqmtrs", area_unit::square_meters},
    {"sqmeters", area_unit::square_meters},
    {"sqmetres", area_unit::square_meters},
    {"sqmeter", area_unit::square_meters},
    {"m2", area_unit::square_meters},
    {"mq", area_unit::square_meters},
    {"qm", area_unit::square_meters},
    {"meters", area_unit::square_meters},
    {"squareyards", area_unit::square_yards},
    {"squareyard", area_unit::square_yards},
    {"sqyd", area_unit::square_yards},
    {"sqyds", area_unit::square_yards},
    {"sqyards", area_unit::square_yards},
    {"yd2", area_unit::square_yards},
    {"acres", area_unit::acres},
    {"acre", area_unit::acres},
    {"ac", area_unit::acres},
    {"hectares", area_unit::hectares},
    {"hectare", area_unit::hectares},
    {"ha", area_unit::hectares},
};

/// The foot has been 0.3048 m exactly since 1959.
constexpr long double feet_of_square_meter = 1.0L / (0.3048L * 0.3048L);

long double square_feet_in(area_unit unit) {
  switch (unit) {
    case area_unit::square_feet: return 1;
    case area_unit::square_meters: return feet_of_square_meter;
    case area_unit::square_yards: return 9;
    case area_unit::acres: return 43'560;
    case area_unit::hectares: return feet_of_square_meter * 10'000;
  }
  return 1;
}

}  // namespace

std::optional<area_unit> area_unit_of(std::string_view text) {
  std::string folded;
  text = trim(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\xC2\xB2")) {
      folded += '2';
      ++i;
    } else if (text[i] != ' ' && text[i] != '.' && text[i] != '_' && text[i] != '^') {
      folded += text[i];
    }
  }
  const auto* const at = std::ranges::find(unit_names, lower_ascii(folded), &unit_name::folded);
  if (at == std::end(unit_names)) return std::nullopt;
  return at->unit;
}

std::string square_feet_of(std::string_view number, area_unit unit) {
  const auto exact = parse_decimal(number);
  if (!exact) return {};
  if (unit == area_unit::square_feet && exact->places == 0) return to_text(*exact);
  long double value = static_cast<long double>(exact->digits);
  for (int i = 0; i < exact->places; ++i) value /= 10;
  value = std::round(value * square_feet_in(unit));
  if (std::abs(value) >= 1e15L) return {};
  return std::to_string(static_cast<std::int64_t>(value));
}

}  // namespace spaces::properties
