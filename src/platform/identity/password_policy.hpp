/// Which passwords may be chosen. docs/SECURITY.md sets the two rules beside each other.
#pragma once

#include "platform/base/error.hpp"
#include "platform/identity/passwords.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::identity {

enum class password_rule : std::uint8_t {
  composition,  ///< 8 bytes or more with an upper and a lower case letter, a digit and a symbol
  length,       ///< 12 characters or more of any kind (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2.5)
};

inline constexpr std::size_t password_bytes_min = 8;
inline constexpr std::size_t password_characters_min = 12;
/// Shorter parts of an e-mail address, a name or a word come up in good passwords by chance.
inline constexpr std::size_t password_part_min = 4;

/// What others know of who chooses.
struct password_owner {
  std::string_view email;
  std::string_view name;
};

class password_policy {
 public:
  /// `own_words` are the service's own (OWASP ASVS 5.0, 6.1.2): its name, its host's. Texts of several words give each.
  explicit password_policy(password_rule rule = password_rule::composition,
                           const std::vector<std::string>& own_words = {});

  /// `invalid` at `pointer` for a new password that breaks the rule; that is among the most common ones, or a few runs
  /// ("123456789012"); that holds the e-mail address, its local part, the name or a word of it; or that holds a word of
  /// the service. Whatever the case and accents, what stands between the letters, and what looks like them
  /// ("L1fe-$tyle"). 72 bytes at most.
  result<void> validate(std::string_view password, const password_owner& owner, std::string_view pointer) const;

  password_rule rule() const { return rule_; }

 private:
  password_rule rule_;
  std::vector<std::string> own_words_;  // folded
};

}  // namespace spaces::identity
