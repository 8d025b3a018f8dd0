#include "marketplace/properties/import/csv_writer.hpp"

namespace spaces::properties {

namespace {

/// Spaces at an end are dropped from cells without quotes by many readers, ours too.
bool needs_quotes(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.front() == '\t' || text.back() == ' ' || text.back() == '\t')
    return true;
  return text.find_first_of(",\"\r\n") != std::string_view::npos;
}

}  // namespace

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
