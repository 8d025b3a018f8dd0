#include "platform/telemetry/log.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>

namespace spaces::telemetry {
namespace {

class held_clock final : public clock {
 public:
  instant now() const override { return instant(std::chrono::milliseconds(1'700'000'000'123)); }
};

/// What `write` writes to a log.
template <class Write>
std::string written(Write write) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const held_clock time;
  write(log(time, ends[1]));
  char text[1024];
  const ssize_t size = read(ends[0], text, sizeof text);
  close(ends[0]);
  close(ends[1]);
  return {text, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

TEST(log, writes_one_json_object_a_line_and_escapes_what_strangers_sent) {
  EXPECT_EQ(written([](const log& to) { to.write(level::warning, "request-failed", {{"path", "/a\"b\n{"}}); }),
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"warning\",\"event\":\"request-failed\","
            "\"path\":\"/a\\\"b\\n{\"}\n");
}

TEST(log, lines_within_a_scope_say_what_is_being_worked_on) {
  const std::string text = written([](const log& to) {
    const log_scope outer({{"invocation", "i-1"}, {"trace", ""}});
    {
      const log_scope inner({{"step", "a\"b"}});
      to.write(level::info, "one");
    }
    to.write(level::info, "two", {{"path", "/"}});
  });
  EXPECT_EQ(text,
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"info\",\"event\":\"one\",\"step\":\"a\\\"b\","
            "\"invocation\":\"i-1\"}\n"
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"info\",\"event\":\"two\",\"path\":\"/\","
            "\"invocation\":\"i-1\"}\n");
}

TEST(log, a_scope_is_one_threads_own) {
  const std::string text = written([](const log& to) {
    const log_scope mine({{"invocation", "i-1"}});
    std::thread([&] { to.write(level::info, "other"); }).join();
  });
  EXPECT_EQ(text, "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"info\",\"event\":\"other\"}\n");
}

}  // namespace
}  // namespace spaces::telemetry
