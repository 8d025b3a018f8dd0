#include "platform/feature/job_work.hpp"

namespace spaces {

namespace {

/// How often a server looks although nobody rang.
constexpr std::chrono::seconds look_interval{1};

}  // namespace

periodic job_work(jobs::runner& runner, jobs::bell& bell, std::string_view name) {
  periodic made;
  made.name = name;
  made.every = look_interval;
  made.run = [&runner](deadline_time until, const std::stop_token& stop) -> result<void> {
    const auto drained = runner.drain(until, stop);
    if (!drained) return drained.error();
    return {};
  };
  made.wait = [&bell](std::chrono::milliseconds at_most, const std::stop_token& stop) { bell.wait(at_most, stop); };
  return made;
}

}  // namespace spaces
