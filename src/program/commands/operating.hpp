/// What commands have in common by which an operator acts: each leaves a security event (docs/OPERATIONS.md), and what
/// is done to people, listings and reports, and a token that is made, is audited as well.
#pragma once

#include "app/configuration.hpp"
#include "platform/audit/audit.hpp"
#include "platform/telemetry/security_log.hpp"
#include "program/commands/command.hpp"

#include <unistd.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::app {

/// A command that nobody waits for but the operator.
inline constexpr std::chrono::seconds operating_time_max{30};

/// The operator's name on this machine: of who became root by sudo, where somebody did.
std::string operator_name();

/// What a command that acts is about to do. It is told where it has begun: what was refused before, or was only to be
/// tried, has done nothing to anybody.
class operator_action {
 public:
  /// `words`: "users suspend".
  explicit operator_action(std::string words) : words_(std::move(words)) {}

  const std::string& words() const { return words_; }

  /// From here on something may be changed. `subject` is to whom or what it is done: an id, a key's name, a place;
  /// never a person's address or a secret. Once more, where the subject is known better.
  void begin(std::string subject, std::optional<uuid> audited_as = std::nullopt);

  /// Begins what is audited, and makes the entry, which belongs into the transaction of what is done.
  audit::entry begin_audited(std::string_view subject, std::optional<std::string> reason, instant now);

  /// Leaves the event on standard error, where something was begun.
  void end(int status) const;

 private:
  std::string words_;
  std::string subject_;
  std::optional<uuid> audited_as_;
  bool begun_ = false;
};

/// The security log of a command, on standard error, where sessions that it ends leave their events.
class command_log {
 public:
  const telemetry::security_log& events() const { return events_; }

 private:
  system_clock clock_;
  telemetry::log log_{clock_, STDERR_FILENO};
  telemetry::security_log events_{log_, telemetry::address_policy::none};  // nobody's address is known here
};

/// Done, which is said, or a failure.
int finish(const result<void>& done, const std::string& done_sentence);

/// "lmdb:spaces-data", "dynamodb:market": the subject of what is done to a whole marketplace.
std::string store_name(const configuration& settings);

}  // namespace spaces::app
