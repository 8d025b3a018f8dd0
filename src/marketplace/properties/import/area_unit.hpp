/// Units of areas, as files of listings name them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::properties {

enum class area_unit : std::uint8_t { square_feet, square_meters, square_yards, acres, hectares };

/// "Square Meters", "m²", "sqm", "Acres", "ha", …: RESO's AreaUnits and what people write; empty for anything else.
std::optional<area_unit> area_unit_of(std::string_view text);

/// Whole square feet, rounded, as a number of JSON; empty when `number` is none or too large to be an area.
std::string square_feet_of(std::string_view number, area_unit unit);

}  // namespace spaces::properties
