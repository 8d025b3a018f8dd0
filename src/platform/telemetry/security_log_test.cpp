#include "platform/telemetry/security_log.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <string>

namespace spaces::telemetry {
namespace {

class held_clock final : public clock {
 public:
  instant now() const override { return instant(std::chrono::milliseconds(1'700'000'000'123)); }
};

std::string written(const security_event& event, address_policy policy) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const held_clock time;
  const log to(time, ends[1]);
  security_log(to, policy).write(event);
  char text[1024];
  const ssize_t size = read(ends[0], text, sizeof text);
  close(ends[0]);
  close(ends[1]);
  return {text, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

TEST(security_log, writes_one_line_with_what_is_known) {
  const uuid id = *parse_uuid("01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_EQ(written({.name = "login-failed",
                     .account = id,
                     .address = "192.0.2.77",
                     .instance = id,
                     .why = "wrong-password",
                     .how = level::warning},
                    address_policy::network),
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"warning\",\"event\":\"login-failed\","
            "\"category\":\"security\",\"account\":\"01890a5d-ac96-774b-bcce-b302099a8057\","
            "\"address\":\"192.0.2.0/24\",\"instance\":\"urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057\","
            "\"why\":\"wrong-password\"}\n");
  EXPECT_EQ(written({.name = "key-added"}, address_policy::full),
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"info\",\"event\":\"key-added\","
            "\"category\":\"security\"}\n");
}

TEST(security_log, writes_of_an_address_what_the_deployment_wants) {
  EXPECT_EQ(logged_address("192.0.2.77", address_policy::network), "192.0.2.0/24");
  EXPECT_EQ(logged_address("2001:db8:1:2::9", address_policy::network), "2001:db8:1::/48");
  EXPECT_EQ(logged_address("2001:db8:1:2::9", address_policy::full), "2001:db8:1:2::9");
  EXPECT_EQ(logged_address("192.0.2.77", address_policy::none), "");
  for (const address_policy policy : {address_policy::network, address_policy::full})
    EXPECT_EQ(logged_address("ann@example.com", policy), "") << "what is no address is not written";
}

}  // namespace
}  // namespace spaces::telemetry
