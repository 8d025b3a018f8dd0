#include "platform/identity/local/ended_sessions.hpp"

#include <algorithm>
#include <cstring>

namespace spaces::identity {

std::size_t ended_sessions::hash::operator()(const uuid& id) const {
  std::size_t random = 0;  // the last bytes of a UUIDv7 are
  std::memcpy(&random, id.bytes.data() + id.bytes.size() - sizeof random, sizeof random);
  return random;
}

bool ended_sessions::add(const uuid& session, instant until) {
  const std::lock_guard lock(mutex_);
  const auto [at, added] = until_.emplace(session, until);
  at->second = std::max(at->second, until);
  return added;
}

bool ended_sessions::holds(const uuid& session) const {
  const std::lock_guard lock(mutex_);
  return until_.contains(session);
}

void ended_sessions::sweep(instant now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(until_, [&](const auto& one) { return one.second < now; });
}

}  // namespace spaces::identity
