#include "platform/net/server/client_counts.hpp"
#include "platform/net/server/server.hpp"
#include "platform/net/socket_address.hpp"

#include "waiting/waiting.hpp"
#include "wire/raw_client.hpp"
#include "wire/served.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace spaces::net {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using testing::HasSubstr;

address_block block(const std::string& address) { return block_of(resolve(address + ":1").value().front()); }

TEST(client_bounds, a_client_is_an_ipv4_address_or_a_64_of_ipv6) {
  EXPECT_EQ(block("192.0.2.1"), block("192.0.2.1"));
  EXPECT_NE(block("192.0.2.1"), block("192.0.2.2"));
  EXPECT_EQ(block("[2001:db8:1:2::1]"), block("[2001:db8:1:2:ffff:ffff:ffff:ffff]"));
  EXPECT_NE(block("[2001:db8:1:2::1]"), block("[2001:db8:1:3::1]"));
  EXPECT_EQ(block("[::ffff:192.0.2.1]"), block("192.0.2.1"));
  EXPECT_NE(block("[::ffff:192.0.2.1]"), block("192.0.2.2"));
}

TEST(client_bounds, are_counted_for_each_and_forgotten_with_the_last) {
  client_counts counts(2);
  const address_block one = block("192.0.2.1");
  EXPECT_TRUE(counts.enter(one));
  EXPECT_TRUE(counts.enter(one));
  EXPECT_FALSE(counts.enter(one));
  EXPECT_TRUE(counts.enter(block("[2001:db8::1]")));
  EXPECT_EQ(counts.clients(), 2U);
  counts.leave(one);
  EXPECT_TRUE(counts.enter(one));
  counts.leave(one);
  counts.leave(one);
  EXPECT_EQ(counts.clients(), 1U);
}

TEST(client_bounds, one_address_does_not_starve_others) {
  served web([](server_options& options) {
    options.connections_max = 8;
    options.connections_per_address_max = 3;
  });
  std::vector<raw_client> mine;
  for (int i = 0; i < 3; ++i) {
    mine.emplace_back(web.port());
    mine.back().send(get("/here"));
    EXPECT_EQ(mine.back().read().status, 200);
  }
  raw_client fourth(web.port());
  const raw_answer refused = fourth.read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.has("Retry-After: 1"));
  EXPECT_THAT(refused.body, HasSubstr("too many connections from this address"));
  EXPECT_TRUE(fourth.ended());
  raw_client other(0);
  other.come_from("127.0.0.2");
  ASSERT_TRUE(other.connect(web.port()));
  other.send(get("/here"));
  EXPECT_EQ(other.read().status, 200);
  fourth.close();
  mine.pop_back();
  ASSERT_TRUE(comes_true([&] { return web.web().open_connections() == 3; }));
  raw_client again(web.port());
  again.send(get("/here"));
  EXPECT_EQ(again.read().status, 200) << "one has ended";
}

TEST(client_bounds, many_that_are_turned_away_take_no_place_of_others) {
  served web([](server_options& options) {
    options.connections_max = 200;
    options.connections_per_address_max = 2;
  });
  std::vector<raw_client> flood;
  for (int i = 0; i < 400; ++i) flood.emplace_back(web.port());
  EXPECT_TRUE(comes_true([&] { return web.web().open_connections() <= 2 + limits::turned_away_max; }));
  raw_client other(0);
  other.come_from("127.0.0.2");
  ASSERT_TRUE(other.connect(web.port()));
  other.send(get("/here"));
  EXPECT_EQ(other.read().status, 200);
}

TEST(client_bounds, behind_proxies_there_is_none) {
  served web([](server_options& options) { options.connections_per_address_max = options.connections_max = 50; });
  std::vector<raw_client> all;
  for (int i = 0; i < 50; ++i) {
    all.emplace_back(web.port());
    all.back().send(get("/here"));
    EXPECT_EQ(all.back().read().status, 200);
  }
}

}  // namespace
}  // namespace spaces::net
