#include "marketplace/accounts/attempts.hpp"

#include "platform/base/digest.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace spaces::accounts {

namespace {

/// What is kept of an address: 64 bits of a digest with the account's id, enough to know it again.
constexpr std::size_t kept_bytes = 8;

std::string kept_of(const credential& account, std::string_view address) {
  const sha256_digest digest = sha256(to_text(account.user_id) + '#' + identity::address_subject(address));
  return to_hex(std::span(digest).first(kept_bytes));
}

}  // namespace

bool knows(const credential& account, std::string_view address) {
  return std::ranges::find(account.known_addresses, kept_of(account, address)) != account.known_addresses.end();
}

bool learn(credential& account, std::string_view address) {
  if (knows(account, address)) return false;
  account.known_addresses.push_back(kept_of(account, address));
  if (account.known_addresses.size() > known_addresses_max)
    account.known_addresses.erase(account.known_addresses.begin());
  return true;
}

identity::counted_subject attempts::of_address(std::string_view name, std::string_view address) const {
  return {{name, address_attempts_max_, identity::throttle_window}, identity::address_subject(address)};
}

result<std::vector<identity::counted_subject>> attempts::admit_login(std::string_view email,
                                                                     const std::optional<credential>& account,
                                                                     std::string_view address) {
  const std::string password = std::string(email) + '#' + std::to_string(account ? account->version : 0);
  std::vector<identity::counted_subject> subjects{
      {{"login", identity::password_failures_max, identity::throttle_window},
       password + '#' + identity::address_subject(address)}};
  // What others at the address did (an office, a mobile network) is no reason to keep somebody out who is known there.
  if (account && knows(*account, address)) {
    if (const auto may = counts_.admit(subjects); !may) return may.error();
    return subjects;
  }
  subjects.push_back(of_address("login-address", address));
  subjects.push_back({{"login-account", identity::account_failures_max, identity::throttle_window}, password});
  return counts_.admit_or(std::move(subjects), {{"login-slowed", 1, identity::slowed_interval}, password});
}

result<std::vector<identity::counted_subject>> attempts::admit_session(const uuid& session) {
  std::vector<identity::counted_subject> subjects{
      {{"password", identity::password_failures_max, identity::throttle_window}, to_text(session)}};
  if (const auto may = counts_.admit(subjects); !may) return may.error();
  return subjects;
}

result<void> attempts::admit_email(const std::string& canonical_email, const std::optional<credential>& account,
                                   std::string_view address) {
  const identity::counted_subject all{{"emails", emails_max, identity::throttle_window}, canonical_email};
  if (!account || !knows(*account, address)) return counts_.admit({of_address("emails-address", address), all});
  const auto counted =
      counts_.admit_or({all}, {{"own-emails", own_emails_max, identity::throttle_window}, canonical_email});
  if (!counted) return counted.error();
  return {};
}

result<void> attempts::admit_registration(std::string_view address) {
  return counts_.admit({of_address("register", address)});
}

void attempts::append_success(std::vector<table::operation>& to,
                              const std::vector<identity::counted_subject>& counted) const {
  to.push_back(identity::throttle::forgotten(counted[0]));
  if (counted.size() > 1) to.push_back(counts_.given_back(counted[1]));
}

}  // namespace spaces::accounts
