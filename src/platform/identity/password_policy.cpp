#include "platform/identity/password_policy.hpp"

#include "platform/base/folding.hpp"
#include "platform/base/text.hpp"
#include "platform/identity/common_passwords.hpp"

#include <fmt/core.h>

#include <algorithm>
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

/// The first of the parts that the password has in it.
std::optional<std::string_view> part_in(const std::string& compact_password, const std::vector<std::string>& parts) {
  for (const std::string& part : parts)
    if (compact_password.find(part) != std::string::npos) return part;
  return std::nullopt;
}

bool is_personal(const std::string& compact_password, const password_owner& owner) {
  for (const std::string_view text : {owner.email, owner.email.substr(0, owner.email.rfind('@')), owner.name})
    if (part_in(compact_password, parts_of(text))) return true;
  return false;
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
  if (is_common_password(password)) return broken("common", "is among the passwords that are tried first");
  const std::string folded = compact(password);
  if (is_personal(folded, owner)) return broken("personal", "must not hold the e-mail address or the name");
  if (const auto word = part_in(folded, own_words_))
    return broken("own-word", fmt::format("must not hold \"{}\", a word of this service", *word));
  return {};
}

}  // namespace spaces::identity
