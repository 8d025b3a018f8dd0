/// Exact decimal numbers. Money and measures never pass through a double: what a client sent comes
/// back as it was.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spaces {

/// `digits / 10^places`, in canonical form: no trailing zero digit behind the point, zero is {0, 0}.
/// Up to 18 significant digits, which holds every shortest form of a double (17).
struct decimal {
  std::int64_t digits = 0;
  std::uint8_t places = 0;

  friend bool operator==(const decimal&, const decimal&) = default;
};

/// The farthest digit behind the point: a double of 17 digits as small as 1e-7 fits.
inline constexpr int decimal_places_max = 24;
inline constexpr int decimal_digits_max = 18;

/// Value order. Exact.
std::strong_ordering operator<=>(const decimal& a, const decimal& b);

decimal make_decimal(std::int64_t digits, std::uint8_t places);

/// A JSON number (RFC 8259): sign, digits, fraction, exponent. Empty when the text is not one, or
/// has more than 18 significant digits or more than 24 places, or is 10^18 or more.
std::optional<decimal> parse_decimal(std::string_view text);

/// Plain digits, never an exponent: "-122.319", "450000".
void append_decimal(std::string& out, decimal number);
/// The same at `out`, where `decimal_text_size_max` characters fit; returns where it ends.
char* write_decimal(char* out, decimal number);
/// Sign, "0." and the most places; 20 digits with sign and point are fewer.
inline constexpr std::size_t decimal_text_size_max = 32;
std::string to_text(decimal number);

/// The value times 10^places, when that is a whole number that fits.
std::optional<std::int64_t> scaled(decimal number, int places);

/// An amount in the deployment's one currency.
struct money {
  std::int64_t cents = 0;
  friend auto operator<=>(const money&, const money&) = default;
};

/// Counts in quarters: 2.25 bathrooms are nine (RESO BathroomsTotalDecimal, counted by quarters).
struct quarters {
  std::int64_t count = 0;
  friend auto operator<=>(const quarters&, const quarters&) = default;
};

inline decimal to_decimal(money m) { return make_decimal(m.cents, 2); }
inline decimal to_decimal(quarters q) { return make_decimal(q.count * 25, 2); }
std::optional<money> to_money(decimal number);
std::optional<quarters> to_quarters(decimal number);

}  // namespace spaces
