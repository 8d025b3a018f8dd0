#include "platform/identity/password_policy.hpp"

#include "platform/base/folding.hpp"
#include "platform/base/text.hpp"
#include "platform/identity/common_passwords.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace spaces {

namespace {

bool has_part(const std::string& folded_password, std::string_view part) {
  return code_points(part) >= personal_part_min && folded_password.find(part) != std::string::npos;
}

bool is_personal(std::string_view password, const password_owner& owner) {
  const std::string folded = fold(password);
  const std::string email = fold(owner.email);
  if (has_part(folded, email) || has_part(folded, std::string_view(email).substr(0, email.rfind('@')))) return true;
  const std::string name = fold(owner.name);
  std::string_view rest = name;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    if (has_part(folded, word)) return true;
  }
  return has_part(folded, name);
}

}  // namespace

std::optional<problem> flaw_of_password(std::string_view password, const password_owner& owner,
                                        std::string_view pointer) {
  const auto flaw = [&](std::string_view code, std::string detail) {
    return problem{std::string(pointer), std::string(code), std::move(detail)};
  };
  if (password.size() < password_bytes_min)
    return flaw("too-short", fmt::format("must have at least {} bytes", password_bytes_min));
  if (password.size() > password_bytes_max)
    return flaw("too-long", fmt::format("must have at most {} bytes of UTF-8", password_bytes_max));
  const character_kinds kinds = kinds_in(password);
  if (!kinds.upper || !kinds.lower || !kinds.digit || !kinds.other)
    return flaw("too-simple", "must have an upper and a lower case letter, a digit and a symbol");
  if (is_common_password(password)) return flaw("common", "is among the passwords that are tried first");
  if (is_personal(password, owner)) return flaw("personal", "must not hold the e-mail address or the name");
  return std::nullopt;
}

}  // namespace spaces
