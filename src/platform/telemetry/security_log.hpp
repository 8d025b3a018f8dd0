/// Security events (OWASP ASVS 5.0, 16.3): who got in, who was refused and why, what an operator did. One line of the
/// log each, with `"category":"security"`. Never a password, a token, an e-mail address or text, or a client's address
/// in full unless the deployment asks for it.
#pragma once

#include "platform/base/uuid.hpp"
#include "platform/telemetry/log.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::telemetry {

/// What of a client's address is written.
enum class address_policy : std::uint8_t {
  network,  ///< of IPv4 the first 24 bits, of IPv6 the first 48: enough to see an attack, not whose telephone it was
  full,
  none,
};

/// The address as the policy has it; empty for what is no address.
std::string logged_address(std::string_view address, address_policy policy);

struct security_event {
  std::string_view name;              ///< "login-failed"; docs/OPERATIONS.md lists all
  std::optional<uuid> account = {};   ///< whom it concerns, where that is known
  std::string_view address = {};      ///< the client's
  std::optional<uuid> instance = {};  ///< of the answer's problem, so that a line is found by what the client saw
  std::string_view why = {};          ///< of what was refused or ended; no text of a client's
  std::optional<uuid> session = {};
  level how = level::info;
};

/// Thread-safe.
class security_log {
 public:
  security_log(const log& to, address_policy addresses) : to_(to), addresses_(addresses) {}

  void write(const security_event& event) const;

 private:
  const log& to_;
  address_policy addresses_;
};

}  // namespace spaces::telemetry
