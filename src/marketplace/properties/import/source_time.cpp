#include "marketplace/properties/import/source_time.hpp"

#include "platform/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace spaces::properties {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view month_names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                            "jul", "aug", "sep", "oct", "nov", "dec"};

struct zone {
  std::string_view name;
  int hours_behind_utc;
};
constexpr zone zones[] = {{"EDT", 4}, {"EST", 5}, {"CDT", 5},  {"CST", 6},  {"MDT", 6}, {"MST", 7},
                          {"PDT", 7}, {"PST", 8}, {"AKDT", 8}, {"AKST", 9}, {"HST", 10}};

/// All of it, and nothing but digits.
std::optional<int> whole_number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty() || digits.front() == '-')
    return std::nullopt;
  return value;
}

/// The part before `separator`, which is taken off with it; all of the rest when there is none.
std::string_view take_part(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<instant> day_of(std::optional<int> year, std::optional<int> month, std::optional<int> day) {
  if (!year || !month || !day || *year > 9999) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return instant{std::chrono::sys_days{date}};
}

/// "13:45", "13:45:10", "134510"; midnight when there is nothing.
std::optional<seconds> clock_time(std::string_view text) {
  if (text.empty()) return seconds{0};
  std::optional<int> hour, minute, second = 0;
  if (text.find(':') == std::string_view::npos) {
    if (text.size() != 6) return std::nullopt;
    hour = whole_number(text.substr(0, 2)), minute = whole_number(text.substr(2, 2)),
    second = whole_number(text.substr(4));
  } else {
    hour = whole_number(take_part(text, ':')), minute = whole_number(take_part(text, ':'));
    if (!text.empty()) second = whole_number(take_part(text, '.'));
    if (!text.empty() && !whole_number(text)) return std::nullopt;
  }
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return hours{*hour} + minutes{*minute} + seconds{*second};
}

std::optional<instant> joined(std::optional<instant> day, std::optional<seconds> time) {
  if (!day || !time) return std::nullopt;
  return *day + *time;
}

/// "Wed May 21 00:00:00 EDT 2008", with or without the zone.
std::optional<instant> written_out(std::string_view rest) {
  std::array<std::string_view, 6> words;
  std::size_t count = 0;
  while (!rest.empty()) {
    const std::string_view word = take_part(rest, ' ');
    if (word.empty()) continue;
    if (count == words.size()) return std::nullopt;
    words[count++] = word;
  }
  if (count < 5) return std::nullopt;
  const auto* const month = std::ranges::find(month_names, lower_ascii(words[1]));
  if (month == std::end(month_names)) return std::nullopt;
  const auto when =
      joined(day_of(whole_number(words[count - 1]), static_cast<int>(month - month_names) + 1, whole_number(words[2])),
             clock_time(words[3]));
  if (!when || count == 5) return when;
  const auto* const found = std::ranges::find(zones, words[4], &zone::name);
  return *when + hours{found == std::end(zones) ? 0 : found->hours_behind_utc};
}

}  // namespace

std::optional<instant> read_source_time(std::string_view text) {
  text = trim(text);
  if (const auto exact = parse_instant(text)) return exact;
  if (text.empty()) return std::nullopt;
  if (text.front() < '0' || text.front() > '9') return written_out(text);

  const std::size_t day_end = std::min(text.find_first_of("T "), text.size());
  std::string_view day = text.substr(0, day_end);
  const auto time = clock_time(trim(text.substr(std::min(day_end + 1, text.size()))));
  if (day.find('/') != std::string_view::npos) {
    const auto month = whole_number(take_part(day, '/'));
    const auto in_month = whole_number(take_part(day, '/'));
    return day.size() == 4 ? joined(day_of(whole_number(day), month, in_month), time) : std::nullopt;
  }
  if (day.find('-') != std::string_view::npos) {
    const std::string_view year = take_part(day, '-');
    const auto month = whole_number(take_part(day, '-'));
    return year.size() == 4 ? joined(day_of(whole_number(year), month, whole_number(day)), time) : std::nullopt;
  }
  if (day.size() != 8) return std::nullopt;
  return joined(day_of(whole_number(day.substr(0, 4)), whole_number(day.substr(4, 2)), whole_number(day.substr(6))),
                time);
}

}  // namespace spaces::properties
