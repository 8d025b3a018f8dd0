#include "program/commands/operating.hpp"

#include "platform/telemetry/log.hpp"

#include <fmt/core.h>

#include <pwd.h>
#include <unistd.h>
#include <cstdlib>
#include <utility>

namespace spaces::app {

namespace {

std::string_view outcome_of(int status) {
  switch (status) {
    case exit_status::success:
    case exit_status::some_rejected: return "done";
    case exit_status::interrupted: return "interrupted";
    default: return "failed";
  }
}

}  // namespace

std::string operator_name() {
  for (const char* variable : {"SUDO_USER", "LOGNAME", "USER"})
    if (const char* name = std::getenv(variable); name && *name) return name;
  const passwd* known = ::getpwuid(::geteuid());
  return known ? known->pw_name : "uid " + std::to_string(::geteuid());
}

void operator_action::begin(std::string subject, std::optional<uuid> audited_as) {
  subject_ = std::move(subject);
  if (audited_as) audited_as_ = audited_as;
  begun_ = true;
}

audit::entry operator_action::begin_audited(std::string_view subject, std::optional<std::string> reason, instant now) {
  audit::entry made = audit::make_entry(words_, subject, operator_name(), std::move(reason), now);
  begin(made.subject, made.id);
  return made;
}

void operator_action::end(int status) const {
  if (!begun_) return;
  const system_clock clock;
  const telemetry::log log(clock, STDERR_FILENO);
  const std::string_view outcome = outcome_of(status);
  const std::string by = operator_name();
  const std::string instance = audited_as_ ? "urn:uuid:" + to_text(*audited_as_) : "";
  std::vector<std::pair<std::string_view, std::string_view>> details{
      {"category", "security"}, {"action", words_}, {"subject", subject_}, {"by", by}, {"outcome", outcome}};
  if (audited_as_) details.emplace_back("instance", instance);
  log.write(outcome == "done" ? telemetry::level::info : telemetry::level::warning, "operator-command", details);
}

int finish(const result<void>& done, const std::string& done_sentence) {
  if (!done) return fail(done.error());
  fmt::print("{}\n", done_sentence);
  return exit_status::success;
}

std::string store_name(const configuration& settings) {
  return settings.table.kind == table::engine_kind::lmdb ? "lmdb:" + settings.table.data
                                                         : "dynamodb:" + settings.table.dynamodb_table;
}

}  // namespace spaces::app
