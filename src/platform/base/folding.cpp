#include "platform/base/folding.hpp"

#include "platform/base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>

namespace spaces {

namespace {

struct latin_letter {
  std::uint32_t code;
  std::string_view ascii;
};

/// In ascending order.
constexpr latin_letter latin_letters[] = {
#include "platform/base/latin_letters.inc"
};

/// Letters and spacing marks that are typed for an apostrophe or a quote, where their category does not tell: ordered.
constexpr std::uint32_t quote_like[] = {
    U'"',      U'\'',     U'`',      U'\u00B4', U'\u02B9', U'\u02BA', U'\u02BB', U'\u02BC', U'\u02BD', U'\u02BE',
    U'\u02BF', U'\u02C8', U'\u02CA', U'\u02CB', U'\u02EE', U'\u0374', U'\u055A', U'\u055B', U'\u05F3', U'\u05F4',
    U'\u07F4', U'\u07F5', U'\u1FBD', U'\u1FBF', U'\u1FEF', U'\u1FFD', U'\u1FFE', U'\u201A', U'\u201E', U'\u2032',
    U'\u2033', U'\u2034', U'\u2035', U'\u2036', U'\u2037', U'\u2057', U'\u275B', U'\u275C', U'\u275D', U'\u275E',
    U'\u301D', U'\u301E', U'\u301F', U'\uA78B', U'\uA78C', U'\uFF02', U'\uFF07', U'\uFF40',
};

enum class role : std::uint8_t { kept, dropped, space, stop };

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr role ascii_role(char c) {
  switch (c) {
    case '"':
    case '\'':
    case '`': return role::dropped;
    case ' ':
    case '-':
    case ',':
    case ';': return role::space;
    case '.': return role::stop;
    default: return c >= '\t' && c <= '\r' ? role::space : role::kept;
  }
}

/// Of a code point that is no ASCII.
role role_of(utf8proc_int32_t point) {
  switch (point) {
    case 0x00B7:  // middle dot, of Catalan: paral·lel
    case 0x2027: return role::stop;
    case 0x0085:
    case 0x060C:  // commas of Arabic and East Asia
    case 0x3001:
    case 0xFF0C:
    case 0x2043:  // hyphen bullet
    case 0x2212:  // minus
    case 0x30FB: return role::space;
    default: break;
  }
  if (std::binary_search(std::begin(quote_like), std::end(quote_like), static_cast<std::uint32_t>(point)))
    return role::dropped;
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_CF: return role::dropped;
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return role::space;
    default: return role::kept;
  }
}

std::string_view ascii_of(utf8proc_int32_t point) {
  const auto code = static_cast<std::uint32_t>(point);
  const auto* const found = std::lower_bound(std::begin(latin_letters), std::end(latin_letters), code,
                                             [](const latin_letter& l, std::uint32_t c) { return l.code < c; });
  return found != std::end(latin_letters) && found->code == code ? found->ascii : std::string_view();
}

utf8proc_ssize_t next_point(std::string_view text, utf8proc_int32_t& point) {
  return utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                          static_cast<utf8proc_ssize_t>(text.size()), &point);
}

/// Gathers a folded text, so that spaces stand between words only.
class folded_text {
 public:
  explicit folded_text(std::size_t size) { out_.reserve(size); }

  void put(role as, std::string_view character) {
    // A full stop stays between digits alone, which the character behind it decides.
    if (stop_ && (as != role::kept || !is_digit(character.front()))) stop_ = false;
    switch (as) {
      case role::dropped: break;
      case role::space: space_ = true; break;
      case role::stop: stop_ = !space_ && !out_.empty() && is_digit(out_.back()); break;
      case role::kept:
        if (space_ && !out_.empty()) out_ += ' ';
        if (stop_) out_ += '.';
        space_ = stop_ = false;
        out_ += character;
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool space_ = false;
  bool stop_ = false;
};

std::string fold_ascii(std::string_view text) {
  folded_text folded(text.size());
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    folded.put(ascii_role(c), {&lower, 1});
  }
  return folded.take();
}

/// Decomposed, without case and marks; empty where the text is no UTF-8.
std::string decompose(const std::string& text) {
  constexpr auto how =
      static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &mapped, how);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) return {};
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
}

/// Without the quotes that would decompose to a space and a mark (U+00B4 does).
std::string without_quotes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size = next_point(text, point);
    if (size <= 0) return {};
    if (point < 0x80 || role_of(point) != role::dropped) out += text.substr(0, static_cast<std::size_t>(size));
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return out;
}

std::string fold_any(std::string_view text) {
  const std::string decomposed = decompose(without_quotes(text));
  folded_text folded(decomposed.size());
  for (std::string_view left = decomposed; !left.empty();) {
    utf8proc_int32_t point = 0;
    const auto size = static_cast<std::size_t>(std::max<utf8proc_ssize_t>(next_point(left, point), 1));
    const std::string_view character = left.substr(0, size);
    if (const std::string_view ascii = size > 1 ? ascii_of(point) : std::string_view(); !ascii.empty())
      folded.put(role::kept, ascii);
    else
      folded.put(size > 1 ? role_of(point) : ascii_role(character.front()), character);
    left.remove_prefix(size);
  }
  return folded.take();
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// A kind of postcode of two parts, of which the first names an area: '9' is a digit, 'A' a letter, '*' either.
struct postcode_form {
  std::string_view area;
  std::string_view rest;
};

constexpr postcode_form postcode_forms[] = {
    {"99999", "9999"},                                    // United States
    {"A9A", "9A9"},                                       // Canada
    {"A9", "9AA"},     {"A99", "9AA"},  {"A9A", "9AA"},   // United Kingdom
    {"AA9", "9AA"},    {"AA99", "9AA"}, {"AA9A", "9AA"},  // the same
    {"A99", "****"},   {"A9A", "****"},                   // Ireland; D6W is the one of A9A
    {"9999", "AA"},                                       // The Netherlands
};

bool fits(std::string_view text, std::string_view form) {
  return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char c, char wanted) {
    const bool letter = c >= 'a' && c <= 'z';
    return wanted == '9' ? is_digit(c) : wanted == 'A' ? letter : letter || is_digit(c);
  });
}

}  // namespace

std::string fold(std::string_view text) {
  // Bytes that are no UTF-8 are left as they are.
  std::string folded = is_ascii(text) || !is_utf8(text) ? fold_ascii(text) : fold_any(text);
  return folded.empty() ? std::string(trim(text)) : folded;
}

bool folds_plainly(std::string_view text) {
  bool space = true;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
    if (!letter && (c != ' ' || space)) return false;
    space = !letter;
  }
  return !space;
}

std::vector<std::string> words_of(std::string_view folded) {
  std::vector<std::string> words;
  while (!folded.empty()) {
    const std::size_t end = std::min(folded.find(' '), folded.size());
    if (end > 0) words.emplace_back(folded.substr(0, end));
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return words;
}

std::string fold_postcode(std::string_view text) {
  std::string folded = fold(text);
  std::erase(folded, ' ');
  return folded;
}

bool in_postcode(std::string_view held, std::string_view wanted) {
  if (held == wanted) return true;
  if (!held.starts_with(wanted)) return false;
  const std::string_view rest = held.substr(wanted.size());
  return std::any_of(std::begin(postcode_forms), std::end(postcode_forms),
                     [&](const postcode_form& form) { return fits(wanted, form.area) && fits(rest, form.rest); });
}

}  // namespace spaces
