/// How often one may try, which passwords may be chosen, and what the log has of clients.
#pragma once

#include "platform/base/setting.hpp"
#include "platform/identity/password_policy.hpp"
#include "platform/identity/throttle.hpp"
#include "platform/telemetry/security_log.hpp"

#include <cstdint>
#include <string_view>

namespace spaces::accounts {

struct settings {
  std::int64_t address_attempts = identity::address_attempts_initial;
  identity::password_rule passwords = identity::password_rule::composition;
  telemetry::address_policy log_addresses = telemetry::address_policy::network;
};

/// Above it nobody is kept out.
inline constexpr std::int64_t address_attempts_max = 1'000'000;

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_ADDRESS_ATTEMPTS", "--address-attempts", "100", "1 to 1000000",
     "Failed logins, and registrations, of one client address in 15 minutes", false,
     [](settings& into, std::string_view text) {
       return setting_value::read_number(into.address_attempts, text, std::int64_t{1}, address_attempts_max);
     }},
    {"SPACES_PASSWORD_POLICY", "--password-policy", "composition", "composition, length",
     "What new passwords need: 8 bytes with an upper and a lower case letter, a digit and a symbol, or 12 characters "
     "of "
     "any kind",
     false,
     [](settings& into, std::string_view text) {
       return setting_value::read_choice(into.passwords, text, {"composition", "length"});
     }},
    {"SPACES_LOG_ADDRESSES", "--log-addresses", "network", "network, full, none",
     "What of a client's address the lines about security events have: its network (24 bits of IPv4, 48 of IPv6), all, "
     "or nothing",
     false,
     [](settings& into, std::string_view text) {
       return setting_value::read_choice(into.log_addresses, text, {"network", "full", "none"});
     }},
};

}  // namespace spaces::accounts
