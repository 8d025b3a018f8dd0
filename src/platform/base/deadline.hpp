/// Until when the request that this thread works on is waited for. A transport sets it; what waits for
/// others (a table on the network) keeps to it. The table's interface does not carry it through every
/// call, because the embedded engine never waits for anybody.
#pragma once

#include <chrono>

namespace spaces {

using deadline_time = std::chrono::steady_clock::time_point;

/// While it lives, the calling thread's deadline is `left` from now. Scopes nest; the inner one holds.
class deadline_scope {
 public:
  explicit deadline_scope(std::chrono::milliseconds left);
  ~deadline_scope();
  deadline_scope(const deadline_scope&) = delete;
  deadline_scope& operator=(const deadline_scope&) = delete;

 private:
  deadline_time outer_;
};

/// The calling thread's; `unless_set` from now where no scope lives (an operator's command).
deadline_time current_deadline(std::chrono::milliseconds unless_set);

}  // namespace spaces
