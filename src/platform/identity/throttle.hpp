/// Keeps accounts from being guessed at and addresses from asking without end. Counts attempts in the table,
/// so that every instance sees them. OWASP ASVS 5.0, 6.3.1.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::identity {

/// So many attempts in a window that begins with the first.
struct quota {
  std::string_view name;  ///< "login": told to the client; static text
  std::int64_t attempts_max = 0;
  std::chrono::seconds window{};
};

inline constexpr std::chrono::seconds throttle_window{15 * 60};
/// Failures of one subject (an account from one address, a session that asks for its password): a person mistypes a
/// few times, a guesser needs thousands.
inline constexpr std::int64_t password_failures_max = 10;
/// Failures of one account from all addresses that it has not logged in from: ten people who each forgot what they
/// typed. Who guesses from many addresses gets no further than this, and then `slowed_interval` apart.
inline constexpr std::int64_t account_failures_max = 100;
/// So long between two such attempts beyond that: an owner at a new place waits a moment, a guesser has 90 more in a
/// quarter of an hour.
inline constexpr std::chrono::seconds slowed_interval{10};
/// Failed logins, and registrations, of one address unless a deployment says otherwise: a whole office may sit
/// behind one.
inline constexpr std::int64_t address_attempts_initial = 100;

/// Of whom attempts are counted.
struct counted_subject {
  quota of;
  std::string subject;
};

class throttle {
 public:
  throttle(table::single_table& table, const clock& clock) : table_(table), clock_(clock) {}

  /// Counts an attempt of each subject, or of none: `limited`, with the seconds to wait, when one of them has
  /// used up its quota. The count is a conditional write, so that of many concurrent ones no more get through.
  result<void> admit(const std::vector<counted_subject>& subjects);
  /// The same with another subject in place of the last, where that one's quota is what was used up. Tells which
  /// subjects were counted.
  result<std::vector<counted_subject>> admit_or(std::vector<counted_subject> subjects, counted_subject instead);

  /// Operations that belong into the transaction of a success: they forget the subject's attempts, and give
  /// one attempt back.
  static table::operation forgotten(const counted_subject& subject);
  table::operation given_back(const counted_subject& subject) const;

 private:
  result<table::outcome> count(const std::vector<counted_subject>& subjects, instant now);

  table::single_table& table_;
  const clock& clock_;
};

/// What stands for a client's address: of IPv6 the first 64 bits, which are one customer's.
std::string address_subject(std::string_view address);

}  // namespace spaces::identity
