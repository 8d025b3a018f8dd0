#include "telemetry/log.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace spaces::telemetry {
namespace {

class held_clock final : public clock {
 public:
  instant now() const override { return instant(std::chrono::milliseconds(1'700'000'000'123)); }
};

TEST(log, writes_one_json_object_a_line_and_escapes_what_strangers_sent) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const held_clock time;
  log(time, ends[1]).write(level::warning, "request-failed", {{"path", "/a\"b\n{"}});
  char text[256];
  const ssize_t size = read(ends[0], text, sizeof text);
  close(ends[0]);
  close(ends[1]);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string_view(text, static_cast<std::size_t>(size)),
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"warning\",\"event\":\"request-failed\","
            "\"path\":\"/a\\\"b\\n{\"}\n");
}

}  // namespace
}  // namespace spaces::telemetry
