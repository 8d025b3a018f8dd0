#include "platform/http/client_address.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spaces::http {
namespace {

std::string seen(const std::vector<std::string_view>& forwarded, std::size_t trusted,
                 std::string_view peer = "10.0.0.9") {
  std::vector<field_line> lines{{"Host", "example.com"}};
  for (const std::string_view line : forwarded) lines.push_back({"x-forwarded-FOR", line});
  request incoming;
  incoming.fields = lines;
  incoming.peer = peer;
  return client_address(incoming, trusted);
}

TEST(client_address, without_proxies_is_the_peers) {
  EXPECT_EQ(seen({}, 0), "10.0.0.9");
  EXPECT_EQ(seen({"192.0.2.1"}, 0), "10.0.0.9") << "anybody can write the field";
  EXPECT_EQ(seen({}, 0, "::ffff:192.0.2.1"), "192.0.2.1");
}

TEST(client_address, is_counted_from_the_right) {
  EXPECT_EQ(seen({"203.0.113.1, 192.0.2.1"}, 1), "192.0.2.1");
  EXPECT_EQ(seen({"203.0.113.1, 192.0.2.1"}, 2), "203.0.113.1");
  EXPECT_EQ(seen({"203.0.113.1", "192.0.2.1"}, 2), "203.0.113.1") << "several lines are one list";
  EXPECT_EQ(seen({"203.0.113.1,,192.0.2.1"}, 1), "192.0.2.1");
}

TEST(client_address, what_no_proxy_of_ours_wrote_does_not_count) {
  EXPECT_EQ(seen({}, 1), "10.0.0.9");
  EXPECT_EQ(seen({"192.0.2.1"}, 2), "10.0.0.9");
  for (const char* wrong : {"", "unknown", "192.0.2.1.1", "example.com", "192.0.2.1 192.0.2.2", "1", "::1::", "[::1"})
    EXPECT_EQ(seen({wrong}, 1), "10.0.0.9") << wrong;
}

TEST(client_address, has_one_spelling) {
  EXPECT_EQ(seen({" 192.0.2.1:4711 "}, 1), "192.0.2.1");
  EXPECT_EQ(seen({"[2001:DB8::1]:443"}, 1), "2001:db8::1");
  EXPECT_EQ(seen({"2001:0db8:0:0::1"}, 1), "2001:db8::1");
  EXPECT_EQ(seen({"::ffff:192.0.2.1"}, 1), "192.0.2.1");
}

}  // namespace
}  // namespace spaces::http
