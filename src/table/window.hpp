/// How often somebody may do a thing in a while, counted in the table, so that every process counts the
/// same. A window opens with the first time and its count ends with it.
#pragma once

#include "base/clock.hpp"
#include "table/table.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace spaces::table {

struct window {
  std::string subject;  ///< who does what: "inquiries#USER"
  std::string name;     ///< sort key: "HOUR"
  std::int64_t times_max = 0;
  std::chrono::seconds length{};
};

/// THROTTLE#subject / name. Counts one more on the condition that the window has room: stands in the
/// transaction of what it counts, so that what is refused is not counted.
add counted_in(const window& which, instant now);

/// Until the window that refused is over: what a client is to wait.
std::chrono::seconds wait_of(const refusal& why, instant now);

}  // namespace spaces::table
