/// Sessions that have ended while access tokens of theirs may still be about.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <unordered_map>

namespace spaces::identity {

/// One that another instance ended is kept so long: longer than any access token lives (`spaces token`
/// makes them for a day at most).
inline constexpr std::chrono::hours ended_kept{25};

/// Thread-safe. Asked once for each token that is verified anew, not for cached ones.
class ended_sessions {
 public:
  /// False when it was known already.
  bool add(const uuid& session, instant until);
  bool holds(const uuid& session) const;
  /// Forgets those whose time is over.
  void sweep(instant now);

 private:
  struct hash {
    std::size_t operator()(const uuid& id) const;
  };
  mutable std::mutex mutex_;
  std::unordered_map<uuid, instant, hash> until_;
};

}  // namespace spaces::identity
