/// Settings: environment variables, most of them flags too. Those of a room are a struct and a table of rows beside it
/// (X/settings.hpp), which reads them, and the rule that production holds them to; the wiring puts the
/// tables together.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spaces {

/// A setting as people meet it.
template <class Settings>
struct setting_row {
  std::string_view variable;
  std::string_view flag;  ///< empty: by environment only
  std::string_view initial;
  std::string_view allowed;
  std::string_view doc;
  bool secret = false;  ///< by environment only, and never repeated in a message
  /// False for what is not allowed.
  bool (*read)(Settings& into, std::string_view text);
};

namespace setting_value {

inline constexpr std::string_view booleans = "true, false";

inline bool read_flag(bool& into, std::string_view text) {
  into = text == "true" || text == "1";
  return into || text == "false" || text == "0";
}

template <class Number>
bool read_number(Number& into, std::string_view text, Number min, Number max) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failure == std::errc{} && end == text.data() + text.size() && into >= min && into <= max;
}

inline bool read_text(std::string& into, std::string_view text) {
  into = text;
  return !text.empty();
}

/// Texts with commas between them, of so many characters at least.
inline bool read_list(std::vector<std::string>& into, std::string_view text, std::size_t length_min) {
  into.clear();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end < length_min) return false;
    into.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return !into.empty();
}

/// One of some names, in their order that of the enumeration's values from 0 on.
template <class Enum>
bool read_choice(Enum& into, std::string_view text, std::initializer_list<std::string_view> names) {
  const auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end()) return false;
  into = static_cast<Enum>(at - names.begin());
  return true;
}

}  // namespace setting_value

}  // namespace spaces
