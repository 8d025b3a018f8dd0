/// Dates as files of listings spell them.
#pragma once

#include "platform/base/clock.hpp"

#include <optional>
#include <string_view>

namespace spaces::properties {

/// Reads RFC 3339 times; 2014-10-13, with a time behind a space or T, taken as UTC; 20141013 and
/// 20141013T000000; 10/13/2014 (month first, as in the United States); and what C's asctime and Unix's
/// date write, "Wed May 21 00:00:00 EDT 2008". Dates without an offset, and zones other than those of
/// the United States, count as UTC: rows of one file compare alike.
std::optional<instant> read_source_time(std::string_view text);

}  // namespace spaces::properties
