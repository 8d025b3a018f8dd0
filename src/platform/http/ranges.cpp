#include "platform/http/ranges.hpp"

#include "platform/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace spaces::http {

namespace {

constexpr std::string_view unit = "bytes=";

std::string_view without_spaces(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Digits alone. What is too large for any file counts as the largest number.
std::optional<std::uint64_t> number_of(std::string_view digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return failure == std::errc() ? number : UINT64_MAX;
}

/// The last `count` bytes.
range_asked end_of(std::uint64_t count, std::uint64_t bytes) {
  if (count == 0 || bytes == 0) return {range_asked::unsatisfiable};
  return {range_asked::part, bytes - std::min(count, bytes), bytes - 1};
}

}  // namespace

range_asked read_range(const request& incoming, std::string_view etag, std::uint64_t bytes) {
  if (incoming.verb != method::get) return {};
  std::string_view text;
  for (const field_line& line : incoming.fields) {
    if (!equal_ignoring_case(line.name, "range")) continue;
    if (!text.empty()) return {};
    text = line.value;
  }
  if (text.size() < unit.size() || !equal_ignoring_case(text.substr(0, unit.size()), unit)) return {};
  const std::string_view condition = incoming.field("If-Range");
  if (!condition.empty() && (condition != etag || etag.empty())) return {};
  const std::string_view range = without_spaces(text.substr(unit.size()));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view end = range.substr(dash + 1);
  if (dash == 0) {
    const auto count = number_of(end);
    return count ? end_of(*count, bytes) : range_asked{};
  }
  const auto first = number_of(range.substr(0, dash));
  const auto last = end.empty() ? std::optional(UINT64_MAX) : number_of(end);
  if (!first || !last || *last < *first) return {};
  if (*first >= bytes) return {range_asked::unsatisfiable};
  return {range_asked::part, *first, std::min(*last, bytes - 1)};
}

void show_part(response& made, const range_asked& asked) {
  made.status = 206;
  made.set("Content-Range", "bytes " + std::to_string(asked.first) + '-' + std::to_string(asked.last) + '/' +
                                std::to_string(made.file->bytes));
  made.file->at += asked.first;
  made.file->bytes = asked.last - asked.first + 1;
}

}  // namespace spaces::http
