/// Dates as files of listings spell them.
#pragma once

#include "platform/base/clock.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace spaces::properties {

/// Which part of "05/06/2026" is what. Told by the whole column (column_survey.hpp), never by one cell.
enum class date_order : std::uint8_t {
  year_first,   ///< 26-06-05; a year of four digits in front says so by itself
  day_first,    ///< 05/06/2026 is the fifth of June
  month_first,  ///< 05/06/2026 is the sixth of May
};
inline constexpr std::size_t date_orders = 3;

/// What a text is in each order; empty where it is no date in it. "2014-10-13" is the same in all three.
using date_readings = std::array<std::optional<instant>, date_orders>;

/// Reads RFC 3339; three numbers with / - . or spaces between, the year of four digits in front, or at the end, or of
/// two (69 to 99 are 19xx, as POSIX has it); 20141013 and 13102014; names of months in English, German, French,
/// Spanish, Italian, Portuguese and Dutch; seconds (10 digits) and milliseconds (13) since 1970. A time may follow,
/// with AM or PM, an offset or a zone of the table in source_time.cpp; without one it counts as UTC. What C's asctime
/// and Unix's date write is read, too. Any other text is none.
date_readings read_source_time(std::string_view text);

/// "ymd", "dmy", "mdy"; empty for anything else.
std::optional<date_order> date_order_of(std::string_view name);
std::string_view name_of(date_order order);

}  // namespace spaces::properties
