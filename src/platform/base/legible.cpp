#include "platform/base/legible.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>

namespace spaces {

namespace {

struct code_range {
  utf8proc_int32_t first, last;
};

/// LRE, RLE, PDF, LRO, RLO; LRI, RLI, FSI, PDI. The marks LRM, RLM and ALM turn nothing and stand in honest names.
constexpr code_range turning[] = {{0x202A, 0x202E}, {0x2066, 0x2069}};
/// Letters and a symbol that show nothing: the fillers of Hangul, and Braille without a dot.
constexpr code_range blank[] = {{0x115F, 0x1160}, {0x2800, 0x2800}, {0x3164, 0x3164}, {0xFFA0, 0xFFA0}};
/// Where new pictographs come every year.
constexpr code_range pictographs[] = {{0x1F000, 0x1FAFF}};

template <std::size_t N>
bool holds(const code_range (&ranges)[N], utf8proc_int32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const code_range& one) { return code >= one.first && code <= one.last; });
}

bool shows(utf8proc_category_t category) {
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_SO);
}

}  // namespace

bool is_legible(std::string_view text) {
  bool shown = false;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(at, left, &code);
    if (size <= 0) return false;
    at += size;
    left -= size;
    const auto category = utf8proc_category(code);
    const bool none = category == UTF8PROC_CATEGORY_CN || category == UTF8PROC_CATEGORY_CO;
    if (holds(turning, code) || (none && !holds(pictographs, code))) return false;
    shown = shown || (shows(category) && !holds(blank, code));
  }
  return shown;
}

}  // namespace spaces
