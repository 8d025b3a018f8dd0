#include "platform/telemetry/log.hpp"

#include "platform/record/json.hpp"

#include <unistd.h>

namespace spaces::telemetry {

namespace {

std::string_view to_text(level how) {
  switch (how) {
    case level::info: return "info";
    case level::warning: return "warning";
    case level::error: return "error";
  }
  return "";
}

thread_local const log_scope* innermost = nullptr;

void append(std::string& line, std::string_view name, std::string_view text) {
  line += ',';
  record::append_json_string(line, name);
  line += ':';
  record::append_json_string(line, text);
}

}  // namespace

void log::write(level how, std::string_view event,
                std::span<const std::pair<std::string_view, std::string_view>> details) const {
  std::string line = "{\"time\":\"";
  append_instant(line, clock_.now());
  line += "\",\"level\":\"";
  line += to_text(how);
  line += "\",\"event\":";
  record::append_json_string(line, event);
  for (const auto& [name, text] : details) append(line, name, text);
  for (const log_scope* scope = innermost; scope; scope = scope->outer_)
    for (const auto& [name, text] : scope->details_)
      if (!text.empty()) append(line, name, text);
  line += "}\n";
  // A log that cannot be written stops nothing; there is nowhere to say so.
  [[maybe_unused]] const ssize_t written = ::write(descriptor_, line.data(), line.size());
}

log_scope::log_scope(log::fields details) : outer_(innermost), details_(details.begin(), details.end()) {
  innermost = this;
}

log_scope::~log_scope() { innermost = outer_; }

}  // namespace spaces::telemetry
