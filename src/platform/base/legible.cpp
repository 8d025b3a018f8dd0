#include "platform/base/legible.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>
#include <vector>

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

bool shows(utf8proc_int32_t code) {
  if (code < 0x80) return code > ' ' && code < 0x7F;
  const auto category = utf8proc_category(code);
  const bool visible = (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
                       (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_SO);
  return visible && !holds(blank, code);
}

/// Unassigned, private, or no character at all.
bool is_none(utf8proc_int32_t code) {
  if (code < 0x80) return false;
  const auto category = utf8proc_category(code);
  return (category == UTF8PROC_CATEGORY_CN || category == UTF8PROC_CATEGORY_CO) && !holds(pictographs, code);
}

/// False when `each` says so of a code point, or for what is no UTF-8.
template <class Each>
bool all_points(std::string_view text, Each each) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code = *at;
    const utf8proc_ssize_t size = code < 0x80 ? 1 : utf8proc_iterate(at, left, &code);
    if (size <= 0 || !each(code, size)) return false;
    at += size;
    left -= size;
  }
  return true;
}

/// What turns the direction within one line, and ends it (Unicode UAX 9, 3.3.2).
class turns_in_line {
 public:
  /// False where something is overridden, or ended that did not begin.
  bool take(utf8proc_int32_t code) {
    switch (code) {
      case 0x202A:
      case 0x202B: open_.push_back(embedding); return true;
      case 0x2066:
      case 0x2067:
      case 0x2068: open_.push_back(isolate); return true;
      case 0x202C:
      case 0x2069: return end(code == 0x202C ? embedding : isolate);
      case 0x202D:
      case 0x202E: return false;
      case '\n':
      case '\r':
      case 0x2028:
      case 0x2029: return open_.empty();
      default: return true;
    }
  }
  bool all_ended() const { return open_.empty(); }

 private:
  static constexpr bool embedding = false, isolate = true;

  bool end(bool kind) {
    if (open_.empty() || open_.back() != kind) return false;
    open_.pop_back();
    return true;
  }

  std::vector<bool> open_;
};

}  // namespace

bool is_legible(std::string_view text) {
  bool shown = false;
  return all_points(text,
                    [&](utf8proc_int32_t code, utf8proc_ssize_t) {
                      shown = shown || shows(code);
                      return !holds(turning, code) && !is_none(code);
                    }) &&
         shown;
}

bool is_readable(std::string_view text) {
  bool shown = false;
  turns_in_line turns;
  return all_points(text,
                    [&](utf8proc_int32_t code, utf8proc_ssize_t) {
                      shown = shown || shows(code);
                      return turns.take(code);
                    }) &&
         shown && turns.all_ended();
}

std::string without_turns(std::string_view text) {
  std::string out;
  static_cast<void>(all_points(text, [&](utf8proc_int32_t code, utf8proc_ssize_t size) {
    const auto count = static_cast<std::size_t>(size);
    if (!holds(turning, code)) out.append(text.substr(0, count));
    text.remove_prefix(count);
    return true;
  }));
  return out;
}

}  // namespace spaces
