#include "platform/base/clock.hpp"

#include <algorithm>

namespace spaces {

namespace {

using std::chrono::milliseconds;

constexpr instant first_instant = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
constexpr instant last_instant = instant{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}} - milliseconds{1};

template <int Width>
char* write_digits(char* out, unsigned value) {
  for (int at = Width - 1; at >= 0; --at) {
    out[at] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + Width;
}

/// Takes digits and fixed characters from the front of a text; once something is missing, `good` is false.
struct scanner {
  std::string_view rest;
  bool good = true;

  int digits(std::size_t width) {
    if (!good || rest.size() < width) return fail();
    int value = 0;
    for (const char c : rest.substr(0, width)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest.remove_prefix(width);
    return value;
  }

  void expect(char wanted, char or_this) {
    if (!good || rest.empty() || (rest.front() != wanted && rest.front() != or_this)) {
      fail();
    } else {
      rest.remove_prefix(1);
    }
  }
  void expect(char wanted) { expect(wanted, wanted); }

  int fail() {
    good = false;
    return 0;
  }
};

/// ".123456789" or nothing, cut to milliseconds.
int scan_milliseconds(scanner& scan) {
  if (!scan.good || scan.rest.empty() || scan.rest.front() != '.') return 0;
  scan.rest.remove_prefix(1);
  int value = 0;
  std::size_t count = 0;
  for (; count < scan.rest.size() && scan.rest[count] >= '0' && scan.rest[count] <= '9'; ++count) {
    if (count < 3) value = value * 10 + (scan.rest[count] - '0');
  }
  if (count == 0 || count > 9) return scan.fail();
  for (std::size_t at = count; at < 3; ++at) value *= 10;
  scan.rest.remove_prefix(count);
  return value;
}

/// "Z" or "+05:30", as minutes east of UTC.
int scan_offset(scanner& scan) {
  if (!scan.good || scan.rest.empty()) return scan.fail();
  const char sign = scan.rest.front();
  scan.rest.remove_prefix(1);
  if (sign == 'Z' || sign == 'z') return 0;
  if (sign != '+' && sign != '-') return scan.fail();
  const int hours = scan.digits(2);
  scan.expect(':');
  const int minutes = scan.digits(2);
  if (hours > 23 || minutes > 59) return scan.fail();
  return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

instant system_clock::now() const { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

char* write_instant(char* out, instant when) {
  when = std::clamp(when, first_instant, last_instant);  // the text has room for four digits of a year
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const auto time = static_cast<unsigned>((when - day).count());
  char* at = write_digits<4>(out, static_cast<unsigned>(static_cast<int>(date.year())));
  *at++ = '-';
  at = write_digits<2>(at, static_cast<unsigned>(date.month()));
  *at++ = '-';
  at = write_digits<2>(at, static_cast<unsigned>(date.day()));
  *at++ = 'T';
  at = write_digits<2>(at, time / 3'600'000);
  *at++ = ':';
  at = write_digits<2>(at, time / 60'000 % 60);
  *at++ = ':';
  at = write_digits<2>(at, time / 1000 % 60);
  *at++ = '.';
  at = write_digits<3>(at, time % 1000);
  *at++ = 'Z';
  return at;
}

void append_instant(std::string& out, instant when) {
  char text[instant_text_size];
  out.append(text, write_instant(text, when));
}

std::string to_text(instant when) {
  std::string out;
  out.reserve(instant_text_size);
  append_instant(out, when);
  return out;
}

std::optional<instant> parse_instant(std::string_view text) {
  scanner scan{text};
  const int year = scan.digits(4);
  scan.expect('-');
  const int month = scan.digits(2);
  scan.expect('-');
  const int day = scan.digits(2);
  scan.expect('T', 't');
  const int hour = scan.digits(2);
  scan.expect(':');
  const int minute = scan.digits(2);
  scan.expect(':');
  const int second = scan.digits(2);
  const int fraction = scan_milliseconds(scan);
  const int offset = scan_offset(scan);
  if (!scan.good || !scan.rest.empty()) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  // A leap second (":60") has no instant of its own here, as in POSIX time.
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const instant when = instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
                       std::chrono::minutes{minute - offset} + std::chrono::seconds{second} + milliseconds{fraction};
  if (when < first_instant || when > last_instant) return std::nullopt;
  return when;
}

}  // namespace spaces
