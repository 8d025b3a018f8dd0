#include "platform/base/decimal.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace spaces {

namespace {

__extension__ using wide = __int128;  // 10^24 does not fit into 64 bits

constexpr wide power_of_ten(int exponent) {
  wide power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of a JSON number as they are read: `mantissa * 10^shift`, without trailing zeros.
struct significand {
  std::int64_t mantissa = 0;
  int digits = 0;          // of the mantissa
  int zeros = 0;           // seen behind the last digit that counts, not yet in the mantissa
  std::int64_t shift = 0;  // of the next digit's place, counted from the point to the right: 0, -1, …
  bool overflow = false;

  void take(char c, bool behind_point) {
    if (behind_point) --shift;
    if (c == '0') {
      zeros += mantissa == 0 ? 0 : 1;
      return;
    }
    if (overflow || digits + zeros + 1 > decimal_digits_max) {
      overflow = true;
      return;
    }
    for (; zeros > 0; --zeros, ++digits) mantissa *= 10;
    mantissa = mantissa * 10 + (c - '0');
    ++digits;
  }
};

/// An exponent's digits; what is too large for any use is held at 10^9, still far outside.
std::int64_t parse_exponent(std::string_view digits) {
  std::int64_t exponent = 0;
  for (const char c : digits) exponent = std::min<std::int64_t>(exponent * 10 + (c - '0'), 1'000'000'000);
  return exponent;
}

/// The run of digits at `at`, which moves behind it.
std::string_view digits_at(std::string_view text, std::size_t& at) {
  const std::size_t from = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return text.substr(from, at - from);
}

}  // namespace

std::strong_ordering operator<=>(const decimal& a, const decimal& b) {
  if (a.places == b.places) return a.digits <=> b.digits;
  // Whole parts first: 10^18 scaled to 24 places would not even fit into 128 bits.
  const wide unit_a = power_of_ten(a.places);
  const wide unit_b = power_of_ten(b.places);
  if (const auto order = a.digits / unit_a <=> b.digits / unit_b; order != 0) return order;
  return a.digits % unit_a * power_of_ten(decimal_places_max - a.places) <=>
         b.digits % unit_b * power_of_ten(decimal_places_max - b.places);
}

decimal make_decimal(std::int64_t digits, std::uint8_t places) {
  while (places > 0 && digits % 10 == 0) {
    digits /= 10;
    --places;
  }
  assert(places <= decimal_places_max);
  return {digits, places};
}

std::optional<decimal> parse_decimal(std::string_view text) {
  std::size_t at = 0;
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) ++at;

  significand number;
  const std::string_view whole = digits_at(text, at);
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  for (const char c : whole) number.take(c, false);
  if (at < text.size() && text[at] == '.') {
    const std::string_view fraction = digits_at(text, ++at);
    if (fraction.empty()) return std::nullopt;
    for (const char c : fraction) number.take(c, true);
  }
  std::int64_t exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool down = at < text.size() && text[at] == '-';
    if (down || (at < text.size() && text[at] == '+')) ++at;
    const std::string_view digits = digits_at(text, at);
    if (digits.empty()) return std::nullopt;
    exponent = parse_exponent(digits) * (down ? -1 : 1);
  }
  if (at != text.size() || number.overflow) return std::nullopt;
  if (number.mantissa == 0) return decimal{};

  const std::int64_t scale = number.shift + number.zeros + exponent;
  const std::int64_t digits = negative ? -number.mantissa : number.mantissa;
  if (scale < -decimal_places_max || number.digits + scale > decimal_digits_max) return std::nullopt;
  if (scale < 0) return decimal{digits, static_cast<std::uint8_t>(-scale)};
  return decimal{static_cast<std::int64_t>(digits * power_of_ten(static_cast<int>(scale))), 0};
}

char* write_decimal(char* out, decimal number) {
  static_assert(decimal_places_max + 3 <= decimal_text_size_max);
  std::uint64_t magnitude = static_cast<std::uint64_t>(number.digits);
  if (number.digits < 0) {
    magnitude = ~magnitude + 1;
    *out++ = '-';
  }
  char* end = std::to_chars(out, out + decimal_text_size_max - 1, magnitude).ptr;
  const std::ptrdiff_t places = number.places;
  if (places == 0) return end;
  const std::ptrdiff_t missing = places + 1 - (end - out);  // zeros in front, so that one digit stands before the point
  if (missing > 0) {
    std::copy_backward(out, end, end + missing);
    std::fill_n(out, missing, '0');
    end += missing;
  }
  char* const point = end - places;
  for (char* at = end; at != point; --at) *at = at[-1];  // a call costs more than so few moves
  *point = '.';
  return end + 1;
}

void append_decimal(std::string& out, decimal number) {
  char text[decimal_text_size_max];
  out.append(text, write_decimal(text, number));
}

std::string to_text(decimal number) {
  std::string out;
  append_decimal(out, number);
  return out;
}

std::optional<std::int64_t> scaled(decimal number, int places) {
  number = make_decimal(number.digits, number.places);
  if (number.digits == 0) return 0;
  if (number.places > places) return std::nullopt;
  std::int64_t whole = number.digits;
  for (int at = number.places; at < places; ++at) {
    if (__builtin_mul_overflow(whole, std::int64_t{10}, &whole)) return std::nullopt;
  }
  return whole;
}

std::optional<money> to_money(decimal number) {
  const std::optional<std::int64_t> cents = scaled(number, 2);
  if (!cents) return std::nullopt;
  return money{*cents};
}

std::optional<quarters> to_quarters(decimal number) {
  const std::optional<std::int64_t> hundredths = scaled(number, 2);
  if (!hundredths || *hundredths % 25 != 0) return std::nullopt;
  return quarters{*hundredths / 25};
}

}  // namespace spaces
