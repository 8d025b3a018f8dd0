#include "platform/base/deadline.hpp"

namespace spaces {

namespace {
thread_local deadline_time current = deadline_time::max();
}

deadline_scope::deadline_scope(std::chrono::milliseconds left) : outer_(current) {
  current = std::chrono::steady_clock::now() + left;
}

deadline_scope::~deadline_scope() { current = outer_; }

deadline_time current_deadline(std::chrono::milliseconds unless_set) {
  return current == deadline_time::max() ? std::chrono::steady_clock::now() + unless_set : current;
}

}  // namespace spaces
