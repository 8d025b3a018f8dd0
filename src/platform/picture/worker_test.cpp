// Workers that misbehave: test/programs/odd_worker.cpp in the place of spaces-media.
#include "platform/picture/worker.hpp"

#include "platform/base/clock.hpp"
#include "platform/picture/refusal.hpp"
#include "platform/picture/worker_pool.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace spaces::picture {

namespace {

using namespace std::chrono_literals;
namespace files = std::filesystem;

std::string beside(const std::string& name) {
  return (files::read_symlink("/proc/self/exe").parent_path() / name).string();
}

/// A worker that takes a picture's text as what it does.
std::string odd() { return beside("odd_worker"); }

/// A copy of it by a name that says what it does at its greeting.
class renamed {
 public:
  explicit renamed(const std::string& name) {
    std::string folder = (files::temp_directory_path() / "worker_test_XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
    files::copy_file(odd(), folder_ / name);
    path_ = (folder_ / name).string();
  }
  ~renamed() { files::remove_all(folder_); }
  renamed(const renamed&) = delete;
  renamed& operator=(const renamed&) = delete;

  const std::string& path() const { return path_; }

 private:
  files::path folder_;
  std::string path_;
};

constexpr worker_times impatient{.greeting = 20s, .cpu = 300ms, .wall = 1500ms};

struct ending {
  std::string what;  ///< the code of a refusal, or "unavailable"
  std::string complaint;
  bool spent = false;
};

ending give(worker& to, const std::string& how) {
  const auto memory = sealed_memory(how);
  const auto made = to.prepare(memory->get(), how.size(), stage::first);
  ending seen;
  seen.what = made ? "made" : is_refused(made.error()) ? made.error().problems.at(0).code : "unavailable";
  seen.spent = to.spent();
  seen.complaint = to.complaint();
  return seen;
}

ending give(const std::string& how) {
  auto one = worker::start(odd(), false, impatient);
  if (!one || !(*one)->wait_until_warm()) return {"not started", "", true};
  return give(**one, how);
}

TEST(worker, that_answers_is_used_again) {
  auto one = worker::start(odd(), false);
  ASSERT_TRUE(one);
  ASSERT_TRUE((*one)->wait_until_warm());
  for (int i = 0; i < 3; ++i) {
    const ending seen = give(**one, "refuse");
    EXPECT_EQ(seen.what, "format");
    EXPECT_FALSE(seen.spent) << seen.complaint;
  }
  EXPECT_EQ((*one)->pictures(), 3U);
}

TEST(worker, has_nothing_of_ours) {
  ::setenv("WORKER_TEST_SECRET", "secret", 1);
  ::signal(SIGPIPE, SIG_IGN);
  // With and without the flag that closes it in a new program.
  const descriptor open(::open("/dev/null", O_RDONLY)), closed(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(give("look").what, "format");
  ::signal(SIGPIPE, SIG_DFL);
}

TEST(worker, that_misbehaves_is_ended_and_its_picture_refused) {
  const std::vector<std::vector<std::string>> rows{
      {"garbage", "damaged", "an answer that is none"},
      {"huge", "damaged", "an answer that is none"},
      {"wrong", "damaged", "a wrong answer: a size that no picture has"},
      {"segv", "damaged", "ended by SIGSEGV"},
      {"abort", "damaged", "ended by SIGABRT"},
      {"sys", "damaged", "ended by SIGSYS"},
      {"trap", "too-slow", "ended by SIGTRAP"},
      {"burn", "too-slow", "a picture took too much CPU"},
  };
  for (const auto& row : rows) {
    const ending seen = give(row[0]);
    EXPECT_EQ(seen.what, row[1]) << row[0];
    EXPECT_EQ(seen.complaint, row[2]);
    EXPECT_TRUE(seen.spent) << row[0];
  }
}

TEST(worker, that_speaks_without_being_asked_is_ended) {
  auto one = worker::start(odd(), false);
  ASSERT_TRUE((*one)->wait_until_warm());
  EXPECT_EQ(give(**one, "twice").what, "format");
  // Its second answer may come a moment later: then it is not taken for the next picture's.
  if (!(*one)->spent()) {
    EXPECT_EQ(give(**one, "refuse").what, "unavailable");
  }
  EXPECT_TRUE((*one)->spent());
}

TEST(worker, that_is_ended_from_outside_is_no_fault_of_its_picture) {
  const std::vector<std::vector<std::string>> rows{
      {"kill", "ended by SIGKILL"},
      {"term", "ended by SIGTERM"},
      {"short", "ended with status 0"},
      {"hang", "no answer in time"},
      {"other", "an answer to another picture"},
      {"close", "ended by SIGKILL"},
  };
  for (const auto& row : rows) {
    const ending seen = give(row[0]);
    EXPECT_EQ(seen.what, "unavailable") << row[0];
    EXPECT_EQ(seen.complaint, row[1]) << row[0];
    EXPECT_TRUE(seen.spent) << row[0];
  }
}

TEST(worker, that_does_not_greet_is_none) {
  const std::vector<std::vector<std::string>> rows{{"silent", "no answer in time"},
                                                   {"gone", "ended with status 3"},
                                                   {"other_build",
                                                    "of another build than this "
                                                    "program"}};
  for (const auto& row : rows) {
    const renamed program(row[0]);
    auto one = worker::start(program.path(), false, {.greeting = 1s});
    ASSERT_TRUE(one);
    EXPECT_FALSE((*one)->wait_until_warm());
    EXPECT_EQ((*one)->complaint(), row[1]);
    EXPECT_TRUE((*one)->spent());
  }
  EXPECT_FALSE(worker::start("/no/such/program", false));
}

TEST(worker, is_ended_by_the_kernel_when_nobody_looks_at_its_clock) {
  auto one = worker::start(odd(), false);
  ASSERT_TRUE((*one)->wait_until_warm());
  EXPECT_EQ(give(**one, "refuse").what, "format");
  rlimit limit{};
  ASSERT_EQ(::prlimit((*one)->id(), RLIMIT_CPU, nullptr, &limit), 0);
  EXPECT_GE(limit.rlim_cur, 20U);
  EXPECT_LE(limit.rlim_cur, 22U);
}

TEST(worker, is_given_no_descriptor_that_it_could_write_to) {
  auto one = worker::start(odd(), false);
  ASSERT_TRUE((*one)->wait_until_warm());
  const descriptor writable(::memfd_create("picture", MFD_CLOEXEC));
  ASSERT_EQ(::write(writable.get(), "refuse", 6), 6);
  const auto made = (*one)->prepare(writable.get(), 6, stage::first);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, error_kind::internal);
}

class pool : public testing::Test {
 protected:
  pool() : log_(clock_, -1) {}
  std::unique_ptr<preparer> start(settings how = {.worker = odd()}) {
    auto started = start_workers(how, log_);
    EXPECT_TRUE(started) << started.error().public_text;
    return *std::move(started);
  }
  static std::string give(preparer& to, const std::string& how) {
    const auto memory = sealed_memory(how);
    const auto made = to.prepare(memory->get(), how.size(), stage::first);
    return made ? "made" : is_refused(made.error()) ? made.error().problems.at(0).code : "unavailable";
  }

  system_clock clock_;
  telemetry::log log_;
};

TEST_F(pool, goes_on_after_every_end_of_a_worker) {
  const auto workers = start();
  for (const std::string how : {"segv", "kill", "garbage", "other", "short"}) {
    give(*workers, how);
    EXPECT_EQ(give(*workers, "refuse"), "format") << how;
  }
}

TEST_F(pool, renews_its_workers) {
  const auto workers = start();
  for (unsigned i = 0; i < 2 * pictures_of_one_worker_max + 1; ++i) ASSERT_EQ(give(*workers, "refuse"), "format") << i;
}

TEST_F(pool, serves_more_threads_than_it_has_workers) {
  const auto workers = start({.workers = 2, .worker = odd()});
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 5; ++n)
        right += give(*workers, n == 2 ? "segv" : "refuse") == (n == 2 ? "damaged" : "format");
    });
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(right, 40);
}

TEST_F(pool, refuses_what_is_too_large_without_a_worker) {
  const auto workers = start();
  EXPECT_EQ(workers->prepare(-1, file_bytes_max + 1, stage::first).error().problems.at(0).code, "bytes");
  EXPECT_EQ(workers->prepare(-1, 0, stage::first).error().problems.at(0).code, "not-a-picture");
}

TEST_F(pool, is_none_where_no_worker_is_wanted) { EXPECT_EQ(start({.workers = 0, .worker = odd()}), nullptr); }

TEST_F(pool, says_what_is_wrong_with_its_settings) {
  const auto missing = start_workers({.worker = "/no/such/program"}, log_);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().public_text, "SPACES_MEDIA_WORKER is '/no/such/program', which is no program.");
}

TEST(sealed_memory, cannot_be_changed_by_anybody) {
  const auto memory = sealed_memory("a picture");
  ASSERT_TRUE(memory);
  EXPECT_EQ(::pwrite(memory->get(), "x", 1, 0), -1);
  EXPECT_NE(::ftruncate(memory->get(), 1), 0);
  char text[9];
  EXPECT_EQ(::pread(memory->get(), text, sizeof text, 0), 9);
  EXPECT_EQ(std::string_view(text, 9), "a picture");
}

}  // namespace

}  // namespace spaces::picture
