/// What operators read afterwards: one JSON object a line on standard error. Nothing private of a
/// person and no secret enters it.
#pragma once

#include "platform/base/clock.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::telemetry {

enum class level { info, warning, error };

/// Thread-safe: a line is one write.
class log {
 public:
  /// `descriptor` is not closed.
  log(const clock& clock, int descriptor) : clock_(clock), descriptor_(descriptor) {}

  using fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  void write(level how, std::string_view event, fields details = {}) const {
    write(how, event, std::span(details.begin(), details.size()));
  }
  void write(level how, std::string_view event,
             std::span<const std::pair<std::string_view, std::string_view>> details) const;

 private:
  const clock& clock_;
  int descriptor_;
};

/// While it lives, every line that this thread writes has these details too: what is being worked on
/// (a request's id, a trace), those that are not empty. Scopes nest.
class log_scope {
 public:
  explicit log_scope(log::fields details);
  ~log_scope();
  log_scope(const log_scope&) = delete;
  log_scope& operator=(const log_scope&) = delete;

 private:
  friend class log;
  const log_scope* outer_;
  std::vector<std::pair<std::string, std::string>> details_;
};

}  // namespace spaces::telemetry
