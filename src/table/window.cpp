#include "table/window.hpp"

namespace spaces::table {

namespace {

constexpr std::string_view count_attribute = "count";

std::int64_t seconds_of(instant when) {
  return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
}

}  // namespace

add counted_in(const window& which, instant now) {
  record::item opened;
  opened.append(name::entity_type, record::value::of(std::string_view("Throttle")));
  opened.append(name::ttl, record::value::of(make_decimal(seconds_of(now + which.length), 0)));
  return {{"THROTTLE#" + which.subject, which.name},
          std::string(count_attribute),
          1,
          {below{std::string(count_attribute), make_decimal(which.times_max, 0)}},
          std::move(opened)};
}

std::chrono::seconds wait_of(const refusal& why, instant now) {
  const std::optional<std::int64_t> over = why.found ? expiry_seconds(why.found->view()) : std::nullopt;
  return std::chrono::seconds{over ? *over - seconds_of(now) : 1};
}

}  // namespace spaces::table
