#include "program/commands/operating.hpp"

#include "platform/telemetry/log.hpp"

#include <fmt/core.h>

#include <pwd.h>
#include <unistd.h>
#include <cstdlib>

namespace spaces::app {

std::string operator_name() {
  for (const char* variable : {"SUDO_USER", "LOGNAME", "USER"})
    if (const char* name = std::getenv(variable); name && *name) return name;
  const passwd* known = ::getpwuid(::geteuid());
  return known ? known->pw_name : "uid " + std::to_string(::geteuid());
}

int operate(const audit::entry& entry, const std::string& done_sentence, const std::function<result<void>()>& act) {
  const system_clock clock;
  const telemetry::log log(clock, STDERR_FILENO);
  const auto done = act();
  log.write(done ? telemetry::level::info : telemetry::level::warning, "operator-command",
            {{"category", "security"},
             {"action", entry.action},
             {"subject", entry.subject},
             {"by", entry.by},
             {"instance", "urn:uuid:" + to_text(entry.id)},
             {"outcome", done ? "done" : "failed"}});
  if (!done) return fail(done.error());
  fmt::print("{}\n", done_sentence);
  return exit_status::success;
}

}  // namespace spaces::app
