/// Which passwords may be chosen.
#pragma once

#include "platform/base/error.hpp"
#include "platform/identity/passwords.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace spaces {

/// NIST SP 800-63B, 5.1.1.2.
inline constexpr std::size_t password_bytes_min = 8;
/// Shorter parts of an e-mail address or a name come up in good passwords by chance.
inline constexpr std::size_t personal_part_min = 4;

/// What others know of who chooses.
struct password_owner {
  std::string_view email;
  std::string_view name;
};

/// The rule that a new password breaks; nothing when it is good: 8 to 72 bytes; an upper and a lower case
/// letter, a digit and something else; not among the most common ones; and neither the e-mail address, its local part,
/// the name nor a word of it in it, whatever the case and accents.
std::optional<problem> flaw_of_password(std::string_view password, const password_owner& owner,
                                        std::string_view pointer);

}  // namespace spaces
