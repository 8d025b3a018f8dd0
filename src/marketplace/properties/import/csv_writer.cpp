#include "marketplace/properties/import/csv_writer.hpp"

#include "platform/base/decimal.hpp"

#include <algorithm>

namespace spaces::properties {

namespace {

/// Spaces at an end are dropped from cells without quotes by many readers, ours too.
bool needs_quotes(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.front() == '\t' || text.back() == ' ' || text.back() == '\t')
    return true;
  return text.find_first_of(",\"\r\n") != std::string_view::npos;
}

/// "-122.319" is none, "-2+3" is one.
bool is_formula(std::string_view text) {
  constexpr std::string_view starts[] = {
      "=", "+", "-", "@", "\t", "\r", "\n", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
  if (std::ranges::none_of(starts, [&](std::string_view one) { return text.starts_with(one); })) return false;
  return !parse_decimal(text);
}

}  // namespace

void append_csv_text_cell(std::string& out, std::string_view text) {
  if (!is_formula(text)) return append_csv_cell(out, text);
  append_csv_cell(out, "'" + std::string(text));
}

void append_csv_cell(std::string& out, std::string_view text) {
  if (!needs_quotes(text)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace spaces::properties
