/// Whose attempts count, so that an account is neither guessed at nor locked (OWASP ASVS 5.0, 6.1.1 and 6.3.1).
///
/// A stranger's failures count for the account and the stranger's address together, so that they keep nobody else out.
/// Guesses from many addresses have a wide bound for the whole account; beyond it they are admitted one by one, some
/// seconds apart. An address that the account has logged in from takes no part in that: it has a count of its own, and
/// what others tried from there is nothing to it.
/// Counts are of one password: another one (a change, a reset) begins them anew.
#pragma once

#include "marketplace/accounts/user.hpp"
#include "platform/identity/throttle.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::accounts {

/// E-mails to one address that strangers ask for: a person asks again once or twice, and nobody must be able to fill
/// somebody's mailbox.
inline constexpr std::int64_t emails_max = 4;
/// And one that those cannot use up: for an address that the account has logged in from.
inline constexpr std::int64_t own_emails_max = 1;

/// Addresses that an account knows: home, work, a telephone's networks. One more drops the oldest.
inline constexpr std::size_t known_addresses_max = 20;

/// Whether the account has logged in from this address (of IPv6: its network).
bool knows(const credential& account, std::string_view address);
/// Has it known from now on; false when it was.
bool learn(credential& account, std::string_view address);

class attempts {
 public:
  attempts(identity::throttle& counts, std::int64_t per_address_max)
      : counts_(counts), address_attempts_max_(per_address_max) {}

  /// Counts a login for this e-mail address (canonical, or as it was typed), whose account is `account` where it has
  /// one. Returns what was counted; `limited` otherwise. The same for addresses with an account and without.
  result<std::vector<identity::counted_subject>> admit_login(std::string_view email,
                                                             const std::optional<credential>& account,
                                                             std::string_view address);
  /// Counts an attempt of a session at its owner's password.
  result<std::vector<identity::counted_subject>> admit_session(const uuid& session);
  /// Counts an e-mail to this address.
  result<void> admit_email(const std::string& canonical_email, const std::optional<credential>& account,
                           std::string_view address);
  result<void> admit_registration(std::string_view address);

  /// Into the transaction of a success: the subject's failures are forgotten, and the address gets one attempt
  /// back. Its others stay: a caller who knows one password must not so get at others.
  void append_success(std::vector<table::operation>& to, const std::vector<identity::counted_subject>& counted) const;

 private:
  identity::counted_subject of_address(std::string_view name, std::string_view address) const;

  identity::throttle& counts_;
  std::int64_t address_attempts_max_;
};

}  // namespace spaces::accounts
