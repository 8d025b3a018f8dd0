/// What commands have in common by which an operator acts on people and listings: each is audited, and leaves a line.
#pragma once

#include "app/configuration.hpp"
#include "platform/audit/audit.hpp"
#include "program/commands/command.hpp"

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

/// Does what the entry tells, says that it was done, and leaves a security event on standard error. Returns the status.
int operate(const audit::entry& entry, const std::string& done_sentence, const std::function<result<void>()>& act);

}  // namespace spaces::app
