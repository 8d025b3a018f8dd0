#include "platform/identity/password_policy.hpp"

#include "platform/base/folding.hpp"
#include "platform/base/text.hpp"
#include "platform/identity/common_passwords.hpp"

#include <fmt/core.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

namespace spaces::identity {

namespace {

/// Folded and without spaces, so that "Life-Style" is "lifestyle".
std::string compact(std::string_view text) {
  std::string folded = fold(text);
  std::erase(folded, ' ');
  return folded;
}

/// A text, and its words where there are several, as `compact` gives them; those that are too short are left out.
std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts = words_of(fold(text));
  parts.push_back(compact(text));
  std::erase_if(parts, [](const std::string& part) { return code_points(part) < password_part_min; });
  return parts;
}

using code_point = utf8proc_int32_t;

std::vector<code_point> points_of(std::string_view text) {
  std::vector<code_point> points;
  while (!text.empty()) {
    code_point point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (size <= 0) break;
    points.push_back(point);
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return points;
}

bool is_letter(code_point c) {
  const auto category = utf8proc_category(c);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

/// A character of a password, folded.
struct unit {
  code_point point;
  bool parts;  ///< it may stand between letters of a word, as in "life-style" and "l.i.f.e"
};

std::vector<unit> units_of(std::string_view password) {
  std::vector<unit> units;
  for (const code_point whole : points_of(password)) {
    utf8proc_uint8_t bytes[4];
    const auto size = static_cast<std::size_t>(utf8proc_encode_char(whole, bytes));
    // A symbol stands for itself, as it may be a letter in disguise.
    const std::string folded = fold({reinterpret_cast<const char*>(bytes), size});
    for (const code_point c : points_of(folded))
      units.push_back({c, !is_letter(c) && utf8proc_category(c) != UTF8PROC_CATEGORY_ND});
  }
  return units;
}

/// What is written for a letter that it looks like.
struct disguise {
  char letter;
  std::string_view as;
};
constexpr disguise disguises[] = {{'a', "4@"},   {'b', "86"}, {'c', "("}, {'e', "3"},  {'g', "96"}, {'i', "1!|"},
                                  {'l', "1!|i"}, {'o', "0"},  {'q', "9"}, {'s', "5$"}, {'t', "7+"}, {'z', "2"}};

bool looks_like(code_point c, code_point letter) {
  if (c == letter) return true;
  for (const disguise& one : disguises)
    for (const char other : one.as)
      if ((c == other && letter == one.letter) || (c == one.letter && letter == other)) return true;
  return false;
}

/// Whether the password has the word in it: with symbols between its letters, and with others that look like them. One
/// letter at least is itself: "0770" is no "Otto".
bool holds(const std::vector<unit>& password, const std::string& part) {
  const std::vector<code_point> word = points_of(part);
  enum : std::uint8_t { never = 0, disguised = 1, with_letter = 2 };
  // How far the word has come: by the number of its letters that are behind us.
  std::vector<std::uint8_t> reached(word.size() + 1, never);
  for (const unit& u : password) {
    reached[0] = disguised;
    for (std::size_t at = word.size(); at-- > 0;) {
      std::uint8_t next = never;
      if (looks_like(u.point, word[at]))
        next =
            u.point == word[at] && is_letter(u.point) && reached[at] != never ? std::uint8_t{with_letter} : reached[at];
      if (u.parts) next |= reached[at + 1];
      reached[at + 1] = next;
    }
    if ((reached[word.size()] & with_letter) != 0) return true;
  }
  return false;
}

/// The first of the parts that the password has in it.
std::optional<std::string_view> part_in(const std::vector<unit>& password, const std::vector<std::string>& parts) {
  for (const std::string& part : parts)
    if (holds(password, part)) return part;
  return std::nullopt;
}

bool is_personal(const std::vector<unit>& password, const password_owner& owner) {
  for (const std::string_view text : {owner.email, owner.email.substr(0, owner.email.rfind('@')), owner.name})
    if (part_in(password, parts_of(text))) return true;
  return false;
}

/// "aaaaaaaaaaaa", "123456789012", "abcabcabcabc": characters that are those before, or one more or less, are none of
/// their own.
bool is_a_few_runs(std::string_view password) {
  constexpr int runs_max = 4;
  int runs = 0;
  code_point before = -2;
  for (const code_point c : points_of(password)) {
    if (c < before - 1 || c > before + 1) ++runs;
    before = c;
  }
  return runs <= runs_max;
}

}  // namespace

password_policy::password_policy(password_rule rule, const std::vector<std::string>& own_words) : rule_(rule) {
  for (const std::string& text : own_words) std::ranges::move(parts_of(text), std::back_inserter(own_words_));
}

result<void> password_policy::validate(std::string_view password, const password_owner& owner,
                                       std::string_view pointer) const {
  const auto broken = [&](std::string_view code, std::string detail) {
    return invalid({problem{std::string(pointer), std::string(code), std::move(detail)}});
  };
  if (password.size() > password_bytes_max)
    return broken("too-long", fmt::format("must have at most {} bytes of UTF-8", password_bytes_max));
  if (rule_ == password_rule::composition) {
    if (password.size() < password_bytes_min)
      return broken("too-short", fmt::format("must have at least {} bytes", password_bytes_min));
    const character_kinds kinds = kinds_in(password);
    if (!kinds.upper || !kinds.lower || !kinds.digit || !kinds.other)
      return broken("too-simple", "must have an upper and a lower case letter, a digit and a symbol");
  } else if (code_points(password) < password_characters_min) {
    return broken("too-short", fmt::format("must have at least {} characters", password_characters_min));
  }
  if (is_common_password(password) || is_a_few_runs(password))
    return broken("common", "is among the passwords that are tried first");
  const std::vector<unit> units = units_of(password);
  if (is_personal(units, owner)) return broken("personal", "must not hold the e-mail address or the name");
  if (const auto word = part_in(units, own_words_))
    return broken("own-word", fmt::format("must not hold \"{}\", a word of this service", *word));
  return {};
}

}  // namespace spaces::identity
