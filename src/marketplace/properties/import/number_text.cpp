#include "marketplace/properties/import/number_text.hpp"

#include "platform/base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace spaces::properties {

namespace {

/// What may separate thousands beside point and comma, longest first where one begins another.
constexpr std::string_view thousands_spaces[] = {" ", "\xC2\xA0",     "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x87",
                                                 "'", "\xE2\x80\x99", "\xCA\xBC",     "\xC2\xB4",     "\xE2\x80\x98",
                                                 "`"};
constexpr std::string_view dashes[] = {"-", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x88\x92"};

/// Signs and codes of currencies, in lower case; longer ones before those that they begin with.
constexpr std::string_view currencies[] = {"us$",          "au$",          "nz$",          "hk$",
                                           "nt$",          "mx$",          "ca$",          "a$",
                                           "c$",           "r$",           "s$",           "$",
                                           "usd",          "aud",          "cad",          "nzd",
                                           "sgd",          "hkd",          "mxn",          "\xE2\x82\xAC",
                                           "eur",          "euros",        "euro",         "\xC2\xA3",
                                           "gbp",          "chf",          "sfr.",         "sfr",
                                           "fr.",          "\xC2\xA5",     "jpy",          "cny",
                                           "rmb",          "\xE2\x82\xB9", "inr",          "rs.",
                                           "rs",           "\xE2\x82\xBD", "rub",          "\xE2\x82\xBA",
                                           "try",          "tl",           "\xE2\x82\xA9", "krw",
                                           "\xE2\x82\xAA", "ils",          "\xE2\x82\xAB", "vnd",
                                           "\xE0\xB8\xBF", "thb",          "\xE2\x82\xB4", "uah",
                                           "\xE2\x82\xA6", "ngn",          "\xE2\x82\xB1", "php",
                                           "pln",          "z\xC5\x82",    "zl",           "czk",
                                           "k\xC4\x8D",    "kc",           "huf",          "ron",
                                           "lei",          "bgn",          "dkk",          "sek",
                                           "nok",          "isk",          "kr.",          "kr",
                                           "brl",          "ars",          "clp",          "cop",
                                           "pen",          "zar",          "aed",          "sar",
                                           "qar",          "egp",          "mad",          "myr",
                                           "rm",           "idr",          "rp.",          "rp"};

struct multiplier {
  std::string_view word;
  int power;
};
constexpr multiplier multipliers[] = {
    {"k", 3},     {"thousand", 3}, {"tsd", 3},      {"tsd.", 3}, {"lakh", 5}, {"lakhs", 5}, {"lac", 5},
    {"lacs", 5},  {"m", 6},        {"mn", 6},       {"mm", 6},   {"mio", 6},  {"mio.", 6},  {"mil", 6},
    {"mill.", 6}, {"million", 6},  {"millions", 6}, {"cr", 7},   {"cr.", 7},  {"crore", 7}, {"crores", 7}};

constexpr std::string_view periods[] = {
    "pcm",       "pm",      "p.m.",       "pw",          "p.w.",      "pppw",     "pppm",      "pa",      "p.a.",
    "monthly",   "weekly",  "daily",      "nightly",     "yearly",    "annually", "al mes",    "mensual", "mensuel",
    "mensuels",  "mtl.",    "monatlich",  "pro monat",   "par mois",  "por mes",  "al mese",   "p/m",     "p.m",
    "month",     "week",    "year",       "night",       "day",       "mes",      "mois",      "monat",   "mese",
    "maand",     "miesiac", "mo",         "mo.",         "mth",       "wk",       "yr",        "annum",   "quarter",
    "fortnight", "p/w",     "p.p.",       "per maand",   "per month", "per week", "mensuales", "mensile", "mensal",
    "a month",   "a week",  "each month", "every month", "/m"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The first of `words` that `text` begins with (letters of any case); 0 when there is none.
template <std::size_t Count>
std::size_t prefix_size(std::string_view text, const std::string_view (&words)[Count]) {
  for (const std::string_view word : words)
    if (text.size() >= word.size() && equal_ignoring_case(text.substr(0, word.size()), word)) return word.size();
  return 0;
}

/// Takes a currency off the front. A code must end where a number or a space begins.
bool take_currency(std::string_view& text) {
  const std::size_t size = prefix_size(text, currencies);
  if (size == 0) return false;
  const bool word_goes_on =
      text.size() > size && ((text[size] >= 'a' && text[size] <= 'z') || (text[size] >= 'A' && text[size] <= 'Z'));
  const bool letters = text[size - 1] >= 'A' && text[size - 1] <= 'z';
  if (letters && word_goes_on) return false;
  text = trim(text.substr(size));
  return true;
}

bool take_sign(std::string_view& text) {
  if (text.starts_with('+')) text = trim(text.substr(1));
  const std::size_t size = prefix_size(text, dashes);
  text = size > 0 ? trim(text.substr(size)) : text;
  return size > 0;
}

struct digits_and_marks {
  std::string text;
  bool spaced = false;  ///< thousands were told by spaces or apostrophes
};

/// Digits, points and commas off the front; spaces between threes are dropped.
digits_and_marks take_digits(std::string_view& text) {
  digits_and_marks taken;
  std::size_t run = 0;  // digits since the start or the last separator
  bool marked = false;
  while (!text.empty()) {
    if (is_digit(text.front())) {
      ++run;
    } else if (text.front() == '.' || text.front() == ',') {
      marked = true;
      run = 0;
    } else {
      const std::size_t size = prefix_size(text, thousands_spaces);
      const std::string_view next = text.substr(size);
      const bool three = next.size() >= 3 && is_digit(next[0]) && is_digit(next[1]) && is_digit(next[2]) &&
                         (next.size() == 3 || !is_digit(next[3]));
      if (size == 0 || !three || marked || run == 0 || run > 3 || (taken.spaced && run != 3)) return taken;
      taken.spaced = true;
      text = next;
      run = 0;
      continue;
    }
    taken.text += text.front();
    text.remove_prefix(1);
  }
  return taken;
}

/// Whole numbers with `separator` between thousands (or lakhs); empty when the groups are none.
std::string without_groups(std::string_view whole, char separator) {
  std::string plain;
  std::size_t first = whole.find(separator);
  if (first == std::string_view::npos) return std::string(whole);
  if (first == 0 || first > 3 || whole.front() == '0') return {};
  plain = whole.substr(0, first);
  std::string_view rest = whole.substr(first);
  const bool india = separator == ',' && first <= 2 && rest.size() > 4 && rest.size() % 3 == 1 && rest[3] == ',';
  while (!rest.empty()) {
    const std::size_t size = india && rest.size() > 4 ? 2 : 3;
    if (rest.size() < size + 1 || rest.front() != separator) return {};
    const std::string_view group = rest.substr(1, size);
    if (!std::ranges::all_of(group, is_digit)) return {};
    plain += group;
    rest.remove_prefix(size + 1);
  }
  return plain;
}

/// As a number of JSON when `mark` stands before the decimals; empty when it cannot.
std::string reading_by(const digits_and_marks& from, char mark) {
  const std::string_view text = from.text;
  const std::size_t at = std::min(text.find(mark), text.size());
  const std::string_view decimals = text.substr(std::min(at + 1, text.size()));
  if (!std::ranges::all_of(decimals, is_digit)) return {};
  const std::string_view whole = text.substr(0, at);
  const char separator = mark == '.' ? ',' : '.';
  if (from.spaced && whole.find(separator) != std::string_view::npos) return {};
  std::string plain = without_groups(whole, separator);
  if (plain.empty() && (!whole.empty() || decimals.empty())) return {};
  // JSON has no zeros in front.
  plain.erase(0, std::min(plain.find_first_not_of('0'), plain.size()));
  if (plain.empty()) plain = "0";
  return decimals.empty() ? plain : (plain += '.').append(decimals);
}

std::string_view take_exponent(std::string_view& text) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return {};
  std::size_t end = text.size() > 1 && (text[1] == '+' || text[1] == '-') ? 2 : 1;
  const std::size_t digits = end;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == digits) return {};
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}

std::size_t decimals_of(std::string_view reading) {
  const std::size_t point = reading.find('.');
  return point == std::string_view::npos ? 0 : reading.size() - point - 1;
}

}  // namespace

std::string_view number_text::by(decimal_mark mark) const {
  if (mark == decimal_mark::point) return by_point;
  if (mark == decimal_mark::comma) return by_comma;
  return ambiguous() ? std::string_view{} : by_point.empty() ? by_comma : by_point;
}

std::optional<number_text> take_number_apart(std::string_view text) {
  text = trim(text);
  number_text made;
  bool negative = take_sign(text);
  made.money = take_currency(text);
  negative = take_sign(text) || negative;
  const digits_and_marks digits = take_digits(text);
  if (std::ranges::none_of(digits.text, is_digit)) return std::nullopt;
  made.by_point = reading_by(digits, '.');
  made.by_comma = reading_by(digits, ',');
  const std::string_view exponent = take_exponent(text);
  text = trim(text);
  // "450.000,-" and "1'250'000.-"
  if (digits.text.back() == '.' || digits.text.back() == ',') text = text.substr(prefix_size(text, dashes));
  text = trim(text);
  made.money = take_currency(text) || made.money;
  // "1,25 Mio. €"
  std::string_view last = text.substr(std::min(text.rfind(' ') + 1, text.size()));
  const std::size_t last_size = last.size();
  if (last_size < text.size() && take_currency(last) && last.empty()) {
    made.money = true;
    text = trim(text.substr(0, text.size() - last_size));
  }
  made.suffix = text;
  if (made.money && made.ambiguous()) {
    if (decimals_of(made.by_point) == 3)
      made.by_point.clear();
    else if (decimals_of(made.by_comma) == 3)
      made.by_comma.clear();
  }
  for (std::string* const one : {&made.by_point, &made.by_comma}) {
    if (one->empty()) continue;
    *one += exponent;
    if (negative) one->insert(0, 1, '-');
  }
  if (!made.readable()) return std::nullopt;
  return made;
}

bool is_plain_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0') || !std::ranges::all_of(whole, is_digit))
    return false;
  if (point == text.size()) return true;
  if (decimals.empty() || !std::ranges::all_of(decimals, is_digit)) return false;
  return decimals.size() != 3 || whole.size() > 3 || whole == "0";
}

std::optional<int> multiplier_of(std::string_view suffix) {
  const auto* const at = std::ranges::find(multipliers, lower_ascii(suffix), &multiplier::word);
  if (at == std::end(multipliers)) return std::nullopt;
  return at->power;
}

bool is_period(std::string_view suffix) {
  const std::string folded = lower_ascii(trim(suffix));
  std::string_view word = folded;
  if (std::ranges::find(periods, word) != std::end(periods)) return true;
  if (word.starts_with("per "))
    word.remove_prefix(4);
  else if (word.starts_with('/'))
    word.remove_prefix(1);
  return std::ranges::find(periods, trim(word)) != std::end(periods);
}

std::optional<decimal_mark> decimal_mark_of(std::string_view format) {
  if (format == "point") return decimal_mark::point;
  if (format == "comma") return decimal_mark::comma;
  const auto parts = take_number_apart(format);
  if (!parts || !parts->suffix.empty() || parts->by_point == parts->by_comma || parts->ambiguous()) return std::nullopt;
  return parts->by_point.empty() ? decimal_mark::comma : decimal_mark::point;
}

}  // namespace spaces::properties
