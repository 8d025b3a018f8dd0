#include "platform/net/server/connection_lines.hpp"

#include <chrono>
#include <cstddef>

namespace spaces::net {
namespace {

/// IMF-fixdate (RFC 9110, 5.6.7), always of this length.
constexpr std::string_view date_form = "Tue, 15 Nov 1994 08:12:31 GMT";
constexpr std::string_view date_name = "Date: ";

void write_date(char* out, std::chrono::sys_seconds when) {
  static constexpr std::string_view days = "SunMonTueWedThuFriSat";
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto midnight = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss time(when - midnight);
  auto put = [&](std::size_t at, std::string_view text) { text.copy(out + at, text.size()); };
  auto put_two = [&](std::size_t at, std::int64_t number) {
    out[at] = static_cast<char>('0' + number / 10 % 10);
    out[at + 1] = static_cast<char>('0' + number % 10);
  };
  put(0, date_form);
  put(0, days.substr(std::chrono::weekday(midnight).c_encoding() * 3, 3));
  put_two(5, unsigned{date.day()});
  put(8, months.substr((unsigned{date.month()} - 1) * 3, 3));
  put_two(12, int{date.year()} / 100);
  put_two(14, int{date.year()} % 100);
  put_two(17, time.hours().count());
  put_two(20, time.minutes().count());
  put_two(23, time.seconds().count());
}

}  // namespace

connection_lines::connection_lines() {
  const std::string date = std::string(date_name).append(date_form).append("\r\n");
  lines_ = {date, date + "Connection: close\r\n", date + "Connection: keep-alive\r\n"};
}

std::string_view connection_lines::at(instant now, persistence wanted) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second.time_since_epoch().count() != second_) {
    second_ = second.time_since_epoch().count();
    for (std::string& line : lines_) write_date(line.data() + date_name.size(), second);
  }
  return lines_[static_cast<std::size_t>(wanted)];
}

}  // namespace spaces::net
