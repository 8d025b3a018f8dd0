#include "marketplace/accounts/person_name.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

namespace spaces::accounts {

namespace {

std::vector<utf8proc_int32_t> code_points_of(std::string_view text) {
  std::vector<utf8proc_int32_t> points;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(at, left, &point);
    if (size <= 0) break;  // names have been found to be UTF-8
    points.push_back(point);
    at += size;
    left -= size;
  }
  return points;
}

/// What separates the labels of a host name (UTS 46, 2.3).
bool is_dot(utf8proc_int32_t c) { return c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61; }

bool is_forbidden(utf8proc_int32_t c) {
  constexpr std::array<utf8proc_int32_t, 10> marks{'/', '\\', '@', '<', '>', 0xff20, 0xff0f, 0x2044, 0x2028, 0x2029};
  return utf8proc_category(c) == UTF8PROC_CATEGORY_CC || std::ranges::find(marks, c) != marks.end();
}

bool is_letter(utf8proc_int32_t c) {
  const utf8proc_category_t kind = utf8proc_category(c);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

bool is_letter_or_digit(utf8proc_int32_t c) { return is_letter(c) || utf8proc_category(c) == UTF8PROC_CATEGORY_ND; }

/// A label, a dot, and two letters or more: "a.co". One letter is an initial: "J.R.", "LL.M.".
bool ends_host_name(const std::vector<utf8proc_int32_t>& text, std::size_t dot) {
  return dot > 0 && is_letter_or_digit(text[dot - 1]) && dot + 2 < text.size() && is_letter(text[dot + 1]) &&
         is_letter(text[dot + 2]);
}

}  // namespace

bool is_name(std::string_view text) {
  const std::vector<utf8proc_int32_t> points = code_points_of(text);
  if (std::ranges::any_of(points, is_forbidden)) return false;
  for (std::size_t at = 0; at < points.size(); ++at)
    if (is_dot(points[at]) && ends_host_name(points, at)) return false;
  return true;
}

}  // namespace spaces::accounts
