#include "platform/aws/credentials.hpp"

#include "platform/aws/limits.hpp"
#include "platform/base/deadline.hpp"

namespace spaces::aws {

credentials_keeper::credentials_keeper(std::unique_ptr<credentials_source> source, const clock& clock)
    : source_(std::move(source)), clock_(clock) {}

bool credentials_keeper::good(instant now) const {
  return present_ && (!present_->expires || *present_->expires > now);
}

bool credentials_keeper::wanted(instant now) const {
  return !good(now) || (present_->expires && *present_->expires - refresh_ahead <= now && not_before_ <= now);
}

result<credentials_ptr> credentials_keeper::get() {
  std::unique_lock lock(mutex_);
  const instant now = clock_.now();
  if (!wanted(now)) return present_;
  if (!refreshing_) return refresh(lock);
  if (good(now)) return present_;
  const auto until = current_deadline(call_time_max);
  if (!refreshed_.wait_until(lock, until, [this] { return !refreshing_; }))
    return unavailable("no AWS credentials in time");
  if (good(clock_.now())) return present_;
  return failure_ ? *failure_ : unavailable("the new AWS credentials have expired already");
}

result<credentials_ptr> credentials_keeper::refresh(std::unique_lock<std::mutex>& lock) {
  refreshing_ = true;
  lock.unlock();
  const auto end = [&] {
    lock.lock();
    refreshing_ = false;
    refreshed_.notify_all();
  };
  auto loaded = [&] {
    try {
      return source_->load();
    } catch (...) {  // no memory, say: the next caller tries, and the others do not wait for us
      end();
      throw;
    }
  }();
  end();
  const instant now = clock_.now();
  if (loaded && *loaded) {
    failure_.reset();
    present_ = std::make_shared<const credentials>(**std::move(loaded));
    not_before_ = now + refresh_pause;
    return present_;
  }
  failure_ = loaded ? unavailable("no AWS credentials: none in the environment, in the profile, or from this machine")
                    : loaded.error();
  not_before_ = now + refresh_pause;
  if (good(now)) return present_;
  return *failure_;
}

void credentials_keeper::refuse(const credentials_ptr& expired) {
  const std::lock_guard lock(mutex_);
  if (present_ == expired) present_.reset();
}

}  // namespace spaces::aws
