/// How often one may try.
#pragma once

#include "platform/base/setting.hpp"
#include "platform/identity/throttle.hpp"

#include <cstdint>
#include <string_view>

namespace spaces::accounts {

struct settings {
  std::int64_t address_attempts = address_attempts_initial;
};

/// Above it nobody is kept out.
inline constexpr std::int64_t address_attempts_max = 1'000'000;

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_ADDRESS_ATTEMPTS", "--address-attempts", "100", "1 to 1000000",
     "Failed logins, and registrations, of one client address in 15 minutes", false,
     [](settings& into, std::string_view text) {
       return setting_value::read_number(into.address_attempts, text, std::int64_t{1}, address_attempts_max);
     }},
};

}  // namespace spaces::accounts
