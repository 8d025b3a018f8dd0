#include "marketplace/properties/demo/demo.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace spaces::properties {

namespace {

/// Threads that make listings and wait for commits: as many as of an import, for the same reason.
constexpr std::size_t writers_count = 64;
constexpr std::chrono::milliseconds progress_interval{100};

/// What the threads share: the next listing to make, and what came of the ones before.
class demo_run {
 public:
  demo_run(table::single_table& store, const demo_plan& plan) : store_(store), plan_(plan) {}

  void work() {
    while (!stopped_) {
      const std::uint64_t together = store_.operations_together();
      const std::uint64_t first = next_.fetch_add(together);
      if (first >= plan_.count) return;
      write(first, std::min<std::uint64_t>(first + together, plan_.count));
    }
  }
  void stop() { stopped_ = true; }
  std::uint64_t done() const { return created + unchanged; }
  std::optional<error> failure() {
    const std::lock_guard lock(mutex_);
    return failure_;
  }

  std::atomic<std::uint64_t> created = 0;
  std::atomic<std::uint64_t> unchanged = 0;

 private:
  void write(std::uint64_t first, std::uint64_t end) {
    std::vector<table::operation> operations;
    for (std::uint64_t n = first; n < end; ++n) operations.push_back(put_of(n));
    const auto written = store_.write(std::move(operations));
    if (!written) return fail(written.error());
    if (!*written) {
      created += end - first;
      return;
    }
    if (end - first == 1) {
      ++unchanged;
      return;
    }
    for (std::uint64_t n = first; n < end; ++n) {
      const auto alone = store_.write({put_of(n)});
      if (!alone) return fail(alone.error());
      ++(*alone ? unchanged : created);
    }
  }
  table::operation put_of(std::uint64_t n) const {
    const property p = demo_listing(plan_, n);
    return table::put{key_of(p.id), to_item(p), {table::absent{}}};
  }
  void fail(const error& why) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = why;
    stopped_ = true;
  }

  table::single_table& store_;
  const demo_plan& plan_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::optional<error> failure_;
};

}  // namespace

result<demo_report> write_demo(table::single_table& store, const demo_plan& plan, const demo_progress& progress) {
  demo_run run(store, plan);
  std::atomic<std::size_t> working = writers_count;
  std::vector<std::thread> threads;
  threads.reserve(writers_count);
  for (std::size_t i = 0; i < writers_count; ++i)
    threads.emplace_back([&] {
      run.work();
      --working;
    });
  bool interrupted = false;
  while (working > 0) {
    std::this_thread::sleep_for(progress_interval);
    if (interrupted || progress(run.done())) continue;
    interrupted = true;
    run.stop();
  }
  for (std::thread& one : threads) one.join();
  if (const auto failure = run.failure()) return *failure;
  return demo_report{run.created, run.unchanged, interrupted};
}

result<bool> holds_listings(table::single_table& store) {
  bool found = false;
  const auto walked = store.walk(std::nullopt, [&](table::key_view key, record::item_view) {
    found = key.pk.starts_with("PROPERTY#");
    return !found;
  });
  if (!walked) return walked.error();
  return found;
}

}  // namespace spaces::properties
