#include "marketplace/accounts/person_name.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace spaces::accounts {

namespace {

using code_point = utf8proc_int32_t;
using text_points = std::vector<code_point>;

constexpr code_point ideographic_full_stop = 0x3002, fullwidth_full_stop = 0xFF0E, katakana_middle_dot = 0x30FB;

/// What mail programs make a link of without a slash behind it.
constexpr std::string_view schemes[] = {
    "bitcoin", "callto", "facetime", "file", "ftp", "geo", "http",  "https", "irc",    "magnet",   "mailto",    "news",
    "sip",     "sips",   "skype",    "sms",  "tel", "tg",  "viber", "xmpp",  "webcal", "whatsapp", "javascript"};

text_points points_of(std::string_view text) {
  text_points points;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    code_point point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(at, left, &point);
    if (size <= 0) break;  // names have been found to be UTF-8
    points.push_back(point);
    at += size;
    left -= size;
  }
  return points;
}

void append(std::string& to, code_point point) {
  utf8proc_uint8_t bytes[4];
  to.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(point, bytes)));
}

bool is_letter(code_point c) {
  const utf8proc_category_t kind = utf8proc_category(c);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}
bool is_digit(code_point c) { return utf8proc_category(c) == UTF8PROC_CATEGORY_ND; }
bool is_space(code_point c) { return utf8proc_category(c) == UTF8PROC_CATEGORY_ZS; }

/// Kana, Han and Hangul, between which the fullwidth full stop is written as others write the middle dot:
/// "\u7D04\u7FF0\uFF0E\u53F2\u5BC6\u65AF".
bool is_east_asian(code_point c) {
  return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

/// Shows nothing, or too little to part what stands on its sides: format characters, spaces narrower than a word's.
bool shows_no_gap(code_point c) {
  return utf8proc_category(c) == UTF8PROC_CATEGORY_CF || (c >= 0x2004 && c <= 0x200A) || c == 0x202F || c == 0x205F;
}

/// The text as it looks to who seeks a link in it: forms of one character are one, case and marks are gone, and what
/// shows nothing with them. All full stops that part the labels of a host name are one (UTS 46, 2.3).
text_points seen_by_programs(const text_points& name) {
  std::string shown;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (shows_no_gap(name[at])) continue;
    const bool between = name[at] == fullwidth_full_stop && at > 0 && is_east_asian(name[at - 1]) &&
                         at + 1 < name.size() && is_east_asian(name[at + 1]);
    append(shown, between ? katakana_middle_dot : name[at]);
  }
  constexpr auto how = static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                                      UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(shown.data()),
                                             static_cast<utf8proc_ssize_t>(shown.size()), &mapped, how);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) return {};
  text_points seen = points_of({reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)});
  std::ranges::replace(seen, ideographic_full_stop, code_point{'.'});
  return seen;
}

bool is_forbidden(code_point c) {
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return true;
    default: return c == '\\' || c == '@' || c == '<' || c == '>';
  }
}

/// "//", which stands in front of hosts. One slash is in "RE/MAX" and "A/S".
bool has_slashes(const text_points& text) {
  constexpr auto is_slash = [](code_point c) { return c == '/' || c == 0x2044 || c == 0x2215 || c == 0x29F8; };
  return std::ranges::adjacent_find(text, [&](code_point a, code_point b) { return is_slash(a) && is_slash(b); }) !=
         text.end();
}

/// "mailto:ann". "S:t Olof" and "K:son" are names.
bool has_scheme(const text_points& text) {
  for (auto colon = std::ranges::find(text, ':'); colon != text.end(); colon = std::find(colon + 1, text.end(), ':')) {
    std::string word;
    for (auto at = colon; at != text.begin() && *(at - 1) >= 'a' && *(at - 1) <= 'z'; --at)
      word.insert(word.begin(), static_cast<char>(*(at - 1)));
    const bool leads_on = colon + 1 != text.end() && !is_space(colon[1]);
    if (leads_on && std::ranges::find(schemes, word) != std::end(schemes)) return true;
  }
  return false;
}

/// Something, a full stop (or more), and two letters or digits or more of which the first is a letter: "a.co". One
/// letter is an initial: "J.R.", "LL.M.".
bool has_host_name(const text_points& text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] != '.' || is_space(text[at - 1])) continue;
    std::size_t next = at;
    while (next < text.size() && text[next] == '.') ++next;
    if (next + 1 < text.size() && is_letter(text[next]) && (is_letter(text[next + 1]) || is_digit(text[next + 1])))
      return true;
  }
  return false;
}

/// "192.0.2.1"
bool has_ipv4_address(const text_points& text) {
  int groups = 0;
  bool in_group = false;
  for (const code_point c : text) {
    if (is_digit(c)) {
      if (!in_group && ++groups == 4) return true;
      in_group = true;
    } else {
      if (c != '.' || !in_group) groups = 0;
      in_group = false;
    }
  }
  return false;
}

}  // namespace

bool is_name(std::string_view text) {
  const text_points written = points_of(text);
  const text_points seen = seen_by_programs(written);
  return std::ranges::none_of(written, is_forbidden) && std::ranges::none_of(seen, is_forbidden) &&
         !has_slashes(seen) && !has_scheme(seen) && !has_host_name(seen) && !has_ipv4_address(seen);
}

}  // namespace spaces::accounts
