#include "platform/picture/worker_pool.hpp"

#include "platform/base/deadline.hpp"
#include "platform/picture/refusal.hpp"
#include "platform/picture/worker.hpp"

#include <fmt/core.h>
#include <linux/landlock.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace spaces::picture {

namespace {

constexpr std::string_view event = "picture-worker";

class worker_pool final : public preparer {
 public:
  worker_pool(std::string program, const settings& how, const telemetry::log& log)
      : program_(std::move(program)), require_sandbox_(how.sandbox == sandbox_rule::required), log_(log) {
    for (unsigned i = 0; i < how.workers; ++i) free_.push_back(start_one());
  }

  result<prepared> prepare(int original, std::uint64_t bytes, stage what) override {
    if (bytes == 0) return refuse(reason::not_a_picture);
    if (bytes > file_bytes_max) return refuse(reason::bytes);
    lease taken(*this);
    if (!taken.held) return unavailable("every picture worker is busy");
    std::unique_ptr<worker>& one = taken.one;
    if (one && one->spent()) report(one);
    if (!one) {
      auto started = worker::start(program_, require_sandbox_);
      if (!started) return started.error();
      one = *std::move(started);
    }
    if (const auto greeted = one->wait_until_warm(); !greeted) {
      report(one);
      return greeted.error();
    }
    auto answered = one->prepare(original, bytes, what);
    if (one->spent() || one->pictures() >= pictures_of_one_worker_max) {
      report(one);
      one = start_one();  // warms up until the next picture comes
    }
    return answered;
  }

 private:
  /// One of the workers, for as long as it lives; it may be none yet.
  struct lease {
    explicit lease(worker_pool& from) : pool(from) {
      std::unique_lock lock(pool.mutex_);
      held = pool.freed_.wait_until(lock, current_deadline(wall_time_max), [this] { return !pool.free_.empty(); });
      if (!held) return;
      one = std::move(pool.free_.back());
      pool.free_.pop_back();
    }
    ~lease() {
      if (!held) return;
      {
        const std::lock_guard lock(pool.mutex_);
        pool.free_.push_back(std::move(one));  // there is space: one was taken
      }
      pool.freed_.notify_one();
    }
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;

    worker_pool& pool;
    bool held = false;
    std::unique_ptr<worker> one;
  };

  std::unique_ptr<worker> start_one() {
    auto started = worker::start(program_, require_sandbox_);
    if (started) return *std::move(started);
    log_.write(telemetry::level::error, event, {{"what", started.error().private_text}});
    return nullptr;
  }

  /// Has what became of it in the log, and ends it.
  void report(std::unique_ptr<worker>& one) {
    if (!one->complaint().empty()) log_.write(telemetry::level::warning, event, {{"what", one->complaint()}});
    one.reset();
  }

  const std::string program_;
  const bool require_sandbox_;
  const telemetry::log& log_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<worker>> free_;
};

std::string beside_this_program() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? "" : (self.parent_path() / "spaces-media").string();
}

}  // namespace

int landlock_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0}, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<int>(version);
}

result<std::unique_ptr<preparer>> start_workers(const settings& how, const telemetry::log& log) {
  if (how.workers == 0) return std::unique_ptr<preparer>();
  const std::string program = how.worker.empty() ? beside_this_program() : how.worker;
  if (::access(program.c_str(), X_OK) != 0) {
    if (!how.worker.empty())
      return malformed(fmt::format("SPACES_MEDIA_WORKER is '{}', which is no program.", program));
    log.write(telemetry::level::warning, event,
              {{"what", fmt::format("there is no {}: pictures are not prepared here", program)}});
    return std::unique_ptr<preparer>();
  }
  if (landlock_version() == 0) {
    if (how.sandbox == sandbox_rule::required)
      return malformed(
          "SPACES_MEDIA_SANDBOX=required, and this kernel has no Landlock, or it is turned off: pictures could not be "
          "prepared in a whole sandbox.");
    log.write(telemetry::level::warning, event,
              {{"what", "this kernel has no Landlock, or it is turned off: pictures are prepared without it"}});
  }
  return std::unique_ptr<preparer>(std::make_unique<worker_pool>(program, how, log));
}

}  // namespace spaces::picture
