/// Who we are to AWS, and where that is found out.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace spaces::aws {

/// Secret: never logged, never part of an error's text.
struct credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;       ///< empty for a user's own keys
  std::optional<instant> expires;  ///< never, when absent
};

using credentials_ptr = std::shared_ptr<const credentials>;

/// One place where credentials may be found.
class credentials_source {
 public:
  credentials_source() = default;
  credentials_source(const credentials_source&) = delete;
  credentials_source& operator=(const credentials_source&) = delete;
  virtual ~credentials_source() = default;

  /// Nothing where this place is not in use; an error's private text says what is wrong with it. Waits
  /// for others no longer than the calling thread's deadline, and never long.
  virtual result<std::optional<credentials>> load() = 0;
};

/// Remembers what a source gave and asks it again ahead of expiry. Thread-safe.
class credentials_keeper {
 public:
  credentials_keeper(std::unique_ptr<credentials_source> source, const clock& clock);

  /// Good for now. Close to expiry one caller asks the source again while the others go on with what there
  /// is; without any that are good, all wait for that one, not longer than their deadlines.
  result<credentials_ptr> get();
  /// The service says that these have expired: `get` does not give them again.
  void refuse(const credentials_ptr& expired);

 private:
  bool good(instant now) const;
  bool wanted(instant now) const;
  result<credentials_ptr> refresh(std::unique_lock<std::mutex>& lock);

  const std::unique_ptr<credentials_source> source_;
  const clock& clock_;
  std::mutex mutex_;
  std::condition_variable refreshed_;
  credentials_ptr present_;
  bool refreshing_ = false;
  instant not_before_{};  ///< a failed refresh ahead of expiry is tried again then
  std::optional<error> failure_;
};

}  // namespace spaces::aws
