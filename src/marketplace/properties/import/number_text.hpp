/// Numbers as people of many countries write them: "$1,250,000.50", "1.250.000,50 €", "1 250 000", "1'250'000.-",
/// "450k", "45 lakh". What cannot be told from one cell ("450.000") is told by its column (column_survey.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spaces::properties {

/// What stands before the decimals of a column's numbers.
enum class decimal_mark : std::uint8_t {
  point,  ///< 1,234.56
  comma,  ///< 1.234,56
  any,    ///< each cell can be read in one way only
};

/// A cell taken apart. A reading is a number as JSON writes it, or empty where the cell cannot be read so; both are
/// the same where no mark is in it.
struct number_text {
  std::string by_point;
  std::string by_comma;
  std::string_view suffix;  ///< what stands behind the number, trimmed: "sqft", "/month"; no currency
  bool money = false;       ///< a currency stands with it

  bool readable() const { return !by_point.empty() || !by_comma.empty(); }
  bool ambiguous() const { return !by_point.empty() && !by_comma.empty() && by_point != by_comma; }
  /// The reading for a column; empty when the cell does not fit it.
  std::string_view by(decimal_mark mark) const;
};

/// Empty when the text is no number with something behind it. Thousands in threes (or as in India, 12,34,567) by
/// point, comma, apostrophe or any space; one decimal mark. An amount with a currency has no three decimals.
std::optional<number_text> take_number_apart(std::string_view text);

/// Digits with one point at most, and a sign: what most columns hold, told without taking apart. False for
/// "450.000", too.
bool is_plain_number(std::string_view text);

/// The power of ten of a word behind an amount: "k", "thousand", "lakh", "m", "mio", "crore".
std::optional<int> multiplier_of(std::string_view suffix);
/// True for "/month", "per week", "pcm", "monthly", "/Monat": the amount is a rent.
bool is_period(std::string_view suffix);

/// "1,234.56", "1.234,56", "1 234,56", "1'234.56", or one of the words point and comma; empty for anything else.
std::optional<decimal_mark> decimal_mark_of(std::string_view format);

}  // namespace spaces::properties
