#include "marketplace/properties/import/source_time.hpp"

#include "platform/base/folding.hpp"
#include "platform/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>

namespace spaces::properties {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// The first letters of months, folded: what no other month begins with.
struct month_name {
  std::string_view start;
  unsigned month;
};
constexpr month_name month_names[] = {{"jan", 1},  {"gen", 1},  {"ene", 1},  {"feb", 2},  {"fev", 2},  {"mar", 3},
                                      {"mae", 3},  {"mrt", 3},  {"maa", 3},  {"apr", 4},  {"avr", 4},  {"abr", 4},
                                      {"may", 5},  {"mai", 5},  {"mei", 5},  {"mag", 5},  {"maj", 5},  {"jun", 6},
                                      {"juin", 6}, {"giu", 6},  {"jul", 7},  {"juil", 7}, {"lug", 7},  {"aug", 8},
                                      {"aou", 8},  {"ago", 8},  {"sep", 9},  {"set", 9},  {"oct", 10}, {"okt", 10},
                                      {"ott", 10}, {"out", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}, {"dic", 12}};

constexpr std::string_view weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view filling_words[] = {"de", "of", "the", "at", "um", "uhr"};

struct zone {
  std::string_view name;
  int minutes_ahead;
};
/// Abbreviations that mean one zone. IST (India, Israel, Ireland) does not, and is no time.
constexpr zone zones[] = {{"z", 0},      {"utc", 0},    {"gmt", 0},     {"wet", 0},     {"west", 60},  {"bst", 60},
                          {"cet", 60},   {"cest", 120}, {"mez", 60},    {"mesz", 120},  {"eet", 120},  {"eest", 180},
                          {"msk", 180},  {"jst", 540},  {"aest", 600},  {"aedt", 660},  {"nzst", 720}, {"nzdt", 780},
                          {"edt", -240}, {"est", -300}, {"cdt", -300},  {"cst", -360},  {"mdt", -360}, {"mst", -420},
                          {"pdt", -420}, {"pst", -480}, {"akdt", -480}, {"akst", -540}, {"hst", -600}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

/// All of it, and nothing but digits.
std::optional<int> whole_number(std::string_view digits) {
  int value = 0;
  if (!all_digits(digits)) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

std::string_view take_part(std::string_view& rest, std::string_view separators) {
  const std::size_t end = std::min(rest.find_first_of(separators), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<instant> day_of(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return instant{std::chrono::sys_days{date}};
}

/// A number of a date as it is spelt, or a month by its name.
struct date_part {
  std::string_view digits;
  unsigned month = 0;
};

/// POSIX, strptime's %y.
int year_of(std::string_view digits) {
  const int number = *whole_number(digits);
  if (digits.size() > 2) return number;
  return number + (number < 69 ? 2000 : 1900);
}
unsigned small(std::string_view digits) { return static_cast<unsigned>(*whole_number(digits)); }

date_readings in_every_order(std::optional<instant> when) { return {when, when, when}; }

/// With the month's name the day and the year are left: the day first, unless that number can only be the year.
date_readings named_month(const std::array<date_part, 3>& parts) {
  std::array<std::string_view, 2> numbers;
  std::size_t count = 0;
  unsigned month = 0;
  for (const date_part& one : parts) {
    if (one.month != 0) {
      month = one.month;
    } else if (count < 2) {
      numbers[count++] = one.digits;
    }
  }
  if (count != 2) return {};
  const bool year_first = numbers[0].size() == 4 || *whole_number(numbers[0]) > 31;
  const std::string_view year = numbers[year_first ? 0 : 1];
  const std::string_view day = numbers[year_first ? 1 : 0];
  if (day.size() > 2 || (year.size() != 2 && year.size() != 4)) return {};
  return in_every_order(day_of(year_of(year), month, small(day)));
}

date_readings numbers_only(const std::array<date_part, 3>& parts) {
  const std::string_view a = parts[0].digits, b = parts[1].digits, c = parts[2].digits;
  if (b.size() > 2) return {};
  if (a.size() == 4 && c.size() <= 2) return in_every_order(day_of(year_of(a), small(b), small(c)));
  if (a.size() > 2 || (c.size() != 2 && c.size() != 4)) return {};
  date_readings made;
  made[1] = day_of(year_of(c), small(b), small(a));
  made[2] = day_of(year_of(c), small(a), small(b));
  if (c.size() == 2 && a.size() == 2) made[0] = day_of(year_of(a), small(b), small(c));
  return made;
}

/// Eight digits with nothing between: years from 1900 to 2099 tell most of them.
date_readings compact_day(std::string_view digits) {
  const auto in_time = [](std::string_view year) { return year.starts_with("19") || year.starts_with("20"); };
  const std::string_view front = digits.substr(0, 4), back = digits.substr(4);
  date_readings made;
  if (in_time(front)) made[0] = day_of(year_of(front), small(back.substr(0, 2)), small(back.substr(2)));
  if (!in_time(back)) return made;
  made[1] = day_of(year_of(back), small(front.substr(2)), small(front.substr(0, 2)));
  made[2] = day_of(year_of(back), small(front.substr(0, 2)), small(front.substr(2)));
  return made;
}

date_readings since_1970(std::string_view digits) {
  constexpr std::int64_t from = 631'152'000, to = 4'102'444'800;  // 1990 to 2100
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const std::int64_t whole = digits.size() == 13 ? value / 1000 : value;
  if (whole < from || whole > to) return {};
  return in_every_order(instant(milliseconds(digits.size() == 13 ? value : value * 1000)));
}

/// What was found of a text, word by word.
struct found_parts {
  std::array<date_part, 3> date;
  std::size_t count = 0;
  std::optional<seconds> time;
  int minutes_ahead = 0;
  int half_day = 0;  ///< 1: AM, 2: PM
  std::string_view compact;
};

/// "13:45", "13:45:10", "13:45:10.25"; "134510" only behind a T.
bool take_clock(found_parts& into, std::string_view word) {
  const auto hour = whole_number(take_part(word, ":"));
  const auto minute = whole_number(take_part(word, ":"));
  std::optional<int> second = 0;
  if (!word.empty()) second = whole_number(take_part(word, ".,"));
  if (!word.empty() && !all_digits(word)) return false;
  if (into.time || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return false;
  into.time = std::chrono::hours{*hour} + minutes{*minute} + seconds{*second};
  return true;
}

/// "+02:00", "-0500", "+2".
bool take_offset(found_parts& into, std::string_view word) {
  const bool behind = word.front() == '-';
  word.remove_prefix(1);
  std::optional<int> hour, minute = 0;
  if (word.find(':') != std::string_view::npos) {
    hour = whole_number(take_part(word, ":"));
    minute = whole_number(word);
  } else {
    hour = whole_number(word.substr(0, 2));
    if (word.size() > 2) minute = whole_number(word.substr(2));
  }
  if (!hour || !minute || *hour > 14 || *minute > 59) return false;
  into.minutes_ahead = (behind ? -1 : 1) * (*hour * 60 + *minute);
  return true;
}

bool take_name(found_parts& into, std::string_view word) {
  if (word.ends_with('.')) word.remove_suffix(1);
  if (word == "am" || word == "a.m") return into.half_day = 1, true;
  if (word == "pm" || word == "p.m") return into.half_day = 2, true;
  if (const auto* const at = std::ranges::find(zones, word, &zone::name); at != std::end(zones)) {
    into.minutes_ahead = at->minutes_ahead;
    return true;
  }
  const auto* const month =
      std::ranges::find_if(month_names, [&](const month_name& one) { return word.starts_with(one.start); });
  // A Tuesday of another language ("mardi", "martes") is a month too many: no date, and never a wrong one.
  if (month != std::end(month_names) && into.count < 3) {
    into.date[into.count++].month = month->month;
    return true;
  }
  return std::ranges::find(filling_words, word) != std::end(filling_words) ||
         std::ranges::find(weekdays, word.substr(0, 3)) != std::end(weekdays);
}

bool take_day_part(found_parts& into, std::string_view word) {
  if (word.empty()) return true;
  if (!is_digit(word.front())) return take_name(into, word);
  for (const std::string_view ending : {"st", "nd", "rd", "th"})
    if (word.size() > 2 && word.ends_with(ending)) word.remove_suffix(2);
  if (!all_digits(word)) return false;
  if (word.size() == 8 && into.count == 0 && into.compact.empty()) return into.compact = word, true;
  if (word.size() == 6 && !into.compact.empty() && !into.time) {
    const auto hour = whole_number(word.substr(0, 2)), minute = whole_number(word.substr(2, 2)),
               second = whole_number(word.substr(4));
    if (*hour > 23 || *minute > 59 || *second > 59) return false;
    into.time = std::chrono::hours{*hour} + minutes{*minute} + seconds{*second};
    return true;
  }
  if (word.size() > 4 || into.count == 3 || !into.compact.empty()) return false;
  into.date[into.count++].digits = word;
  return true;
}

bool take_word(found_parts& into, std::string_view word) {
  if (into.time && (word.front() == '+' || word.front() == '-')) return take_offset(into, word);
  if (word.find(':') == std::string_view::npos) {
    while (!word.empty())
      if (!take_day_part(into, take_part(word, "/-."))) return false;
    return true;
  }
  // A clock with what stands right behind it: "13:45Z", "1:45pm", "13:45:10+02:00".
  const std::size_t end = std::min(word.find_first_not_of("0123456789:.,"), word.size());
  const std::string_view behind = word.substr(end);
  if (!take_clock(into, word.substr(0, end))) return false;
  if (behind.empty()) return true;
  return behind.front() == '+' || behind.front() == '-' ? take_offset(into, behind) : take_name(into, behind);
}

std::optional<seconds> clock_of(const found_parts& from) {
  if (!from.time) return seconds{0};
  if (from.half_day == 0) return from.time;
  const auto hour = std::chrono::duration_cast<std::chrono::hours>(*from.time).count();
  if (hour < 1 || hour > 12) return std::nullopt;
  const auto rest = *from.time - std::chrono::hours{hour};
  return rest + std::chrono::hours{hour % 12 + (from.half_day == 2 ? 12 : 0)};
}

/// Letters folded, a T between day and time made a space.
std::string plain_text(std::string_view text) {
  const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string plain = ascii ? lower_ascii(text) : fold(text);
  for (std::size_t i = 1; i + 1 < plain.size(); ++i)
    if (plain[i] == 't' && is_digit(plain[i - 1]) && is_digit(plain[i + 1])) plain[i] = ' ';
  return plain;
}

/// Longer texts are no dates; "Wednesday, the 21st of September 2008 at 12:00:00 PM +02:00" is 60.
constexpr std::size_t date_bytes_max = 80;

}  // namespace

date_readings read_source_time(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > date_bytes_max) return {};
  if (const auto exact = parse_instant(text)) return in_every_order(exact);
  if (text.ends_with(".0")) text.remove_suffix(2);
  if ((text.size() == 10 || text.size() == 13) && all_digits(text)) return since_1970(text);
  const std::string plain = plain_text(text);
  found_parts found;
  for (std::string_view rest = plain; !rest.empty();) {
    const std::string_view word = take_part(rest, " ,");
    if (!word.empty() && !take_word(found, word)) return {};
  }
  const auto clock = clock_of(found);
  if (!clock || (found.compact.empty() ? found.count != 3 : found.count != 0)) return {};
  const bool named = std::ranges::any_of(found.date, [](const date_part& one) { return one.month != 0; });
  date_readings made = !found.compact.empty() ? compact_day(found.compact)
                       : named                ? named_month(found.date)
                                              : numbers_only(found.date);
  for (auto& one : made)
    if (one) *one += *clock - minutes{found.minutes_ahead};
  return made;
}

namespace {
constexpr std::string_view order_names[] = {"ymd", "dmy", "mdy"};
}

std::optional<date_order> date_order_of(std::string_view name) {
  const auto* const at = std::ranges::find(order_names, name);
  if (at == std::end(order_names)) return std::nullopt;
  return static_cast<date_order>(at - std::begin(order_names));
}

std::string_view name_of(date_order order) { return order_names[static_cast<std::size_t>(order)]; }

}  // namespace spaces::properties
