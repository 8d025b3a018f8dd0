#include "marketplace/properties/import/title_template.hpp"

#include "platform/base/text.hpp"

#include <algorithm>
#include <iterator>

namespace spaces::properties {

namespace {

/// Words that join what stands before them to what stands behind: with one side gone they go, or stay
/// with the other.
constexpr std::string_view joining_words[] = {"at", "by", "for", "from", "in", "near", "of", "on", "with"};

bool is_joining(std::string_view word) {
  return std::ranges::find(joining_words, lower_ascii(word)) != std::end(joining_words);
}

/// What follows a value that is absent: kept from the first joining word or comma on.
std::string_view behind_absent(std::string_view literal) {
  std::size_t at = 0;
  while (at < literal.size()) {
    if (literal[at] == ' ') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(literal.find_first_of(" ,", at), literal.size());
    if (literal[at] == ',' || is_joining(literal.substr(at, end - at))) return literal.substr(at);
    at = end;
  }
  return {};
}

std::string_view last_word(std::string_view text) { return text.substr(text.find_last_of(' ') + 1); }

/// Takes joining words, commas and spaces off the end.
void strip_end(std::string& text) {
  for (;;) {
    while (!text.empty() && (text.back() == ' ' || text.back() == ',' || text.back() == '-')) text.pop_back();
    const std::string_view word = last_word(text);
    if (word.empty() || !is_joining(word)) return;
    text.resize(text.size() - word.size());
  }
}

void strip_start(std::string& text) {
  for (;;) {
    text.erase(0, std::min(text.find_first_not_of(" ,-"), text.size()));
    const std::string_view word = std::string_view(text).substr(0, text.find(' '));
    if (word.empty() || word.size() == text.size() || !is_joining(word)) return;
    text.erase(0, word.size());
  }
}

std::string single_spaced(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    if (c == ',' && !out.empty() && out.back() == ' ') out.pop_back();
    if (c == ',' && !out.empty() && out.back() == ',') continue;
    out += c;
  }
  return out;
}

}  // namespace

std::optional<title_template> title_template::parse(std::string_view text) {
  title_template made;
  for (;;) {
    const std::size_t open = text.find('{');
    made.literals_.emplace_back(text.substr(0, open));
    if (made.literals_.back().find('}') != std::string::npos) return std::nullopt;
    if (open == std::string_view::npos) return made;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    const std::size_t bar = std::min(inside.find('|'), inside.size());
    const std::string_view name = trim(inside.substr(0, bar));
    if (name.empty() || name.find('{') != std::string_view::npos) return std::nullopt;
    made.placeholders_.push_back({std::string(name), std::string(inside.substr(std::min(bar + 1, inside.size())))});
    text.remove_prefix(close + 1);
  }
}

std::vector<std::string_view> title_template::names() const {
  std::vector<std::string_view> names;
  names.reserve(placeholders_.size());
  for (const placeholder& one : placeholders_) names.push_back(one.name);
  return names;
}

std::string title_template::fill(function_ref<std::string_view(std::size_t)> value_of) const {
  std::string out = literals_.front();
  for (std::size_t i = 0; i < placeholders_.size(); ++i) {
    const std::string_view value = value_of(i);
    if (!value.empty() || !placeholders_[i].otherwise.empty()) {
      out += value.empty() ? std::string_view(placeholders_[i].otherwise) : value;
      out += literals_[i + 1];
      continue;
    }
    strip_end(out);
    if (!out.empty()) out += ' ';
    out += behind_absent(literals_[i + 1]);
  }
  strip_end(out);
  strip_start(out);
  return single_spaced(out);
}

std::string shortened(std::string text, std::size_t code_points_max) {
  if (code_points(text) <= code_points_max) return text;
  std::size_t end = 0;
  for (std::size_t count = 0; count < code_points_max; ++count) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  }
  text.resize(end);
  if (const std::size_t space = text.find_last_of(' '); space != std::string::npos && space > end / 2)
    text.resize(space);
  return text;
}

}  // namespace spaces::properties
