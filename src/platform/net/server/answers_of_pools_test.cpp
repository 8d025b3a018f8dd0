/// Answers that a pool's thread makes and sends, while the loop sleeps.
#include "platform/net/server/server.hpp"
#include "wire/raw_client.hpp"
#include "wire/served.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace spaces::net {
namespace {

using namespace std::chrono_literals;

/// So seldom that a loop which was not woken when it should have been keeps its client waiting for too long.
void never_by_itself(server_options& options) { options.tick = 60s; }

TEST(answers_of_pools, a_client_that_waits_for_each) {
  served web(never_by_itself);
  raw_client client(web.port());
  for (const char* path : {"/io/1", "/cpu/2", "/here", "/io/size/20000", "/io/3"}) {
    client.send(get(path));
    EXPECT_EQ(client.read().status, 200) << path;
  }
}

TEST(answers_of_pools, what_comes_meanwhile_is_answered_next) {
  served web(never_by_itself);
  raw_client client(web.port());
  for (int i = 0; i < 2000; ++i) {
    client.send(get("/io/1"));
    client.send(get("/io/2"));
    ASSERT_EQ(client.read().body, "/io/1") << i;
    ASSERT_EQ(client.read().body, "/io/2") << i;
  }
}

TEST(answers_of_pools, an_end_that_comes_meanwhile_ends_the_connection) {
  served web(never_by_itself);
  for (int i = 0; i < 500; ++i) {
    raw_client client(web.port());
    client.send(get("/io/1"));
    client.end_sending();
    ASSERT_EQ(client.read().body, "/io/1") << i;
    ASSERT_EQ(client.read_to_end(), "") << i;
  }
}

TEST(answers_of_pools, many_that_go_quiet_together) {
  served web(never_by_itself);
  constexpr std::size_t count = 200;
  std::vector<raw_client> clients;
  clients.reserve(count);
  for (std::size_t i = 0; i < count; ++i) clients.emplace_back(web.port());
  for (int round = 0; round < 5; ++round) {
    for (raw_client& each : clients) each.send(get("/io/1"));
    for (raw_client& each : clients) ASSERT_EQ(each.read().body, "/io/1");
  }
}

TEST(answers_of_pools, never_reach_another_client) {
  served web;
  constexpr std::size_t clients = 40;
  for (std::size_t i = 0; i < clients; ++i) {
    raw_client gone(web.port());
    gone.send(get("/io/gate"));
    web.application().await_at_gate(static_cast<int>(i) + 1);
    gone.reset();
  }
  // The loops hear of the resets before they answer these, whose sockets get the lowest numbers that are free.
  std::vector<raw_client> others;
  others.reserve(2 * clients);
  for (std::size_t i = 0; i < 2 * clients; ++i) {
    others.emplace_back(web.port());
    others.back().send(get("/here"));
    ASSERT_EQ(others.back().read().body, "here");
  }
  web.application().open_gate();
  raw_client last(web.port());
  for (std::size_t i = 0; i < clients; ++i) {
    last.send(get("/io/1"));
    ASSERT_EQ(last.read().body, "/io/1");
  }
  for (raw_client& each : others) {
    each.send(get("/here"));
    EXPECT_EQ(each.read().body, "here");
  }
}

TEST(answers_of_pools, a_large_one_to_a_client_that_reads_slowly) {
  served web;
  raw_client client(web.port(), 4096);
  for (int i = 0; i < 3; ++i) {
    client.send(get("/io/size/3000000"));
    EXPECT_EQ(client.read().body.size(), 3000000U);
    client.send(get("/io/size/5") + get("/here"));
    EXPECT_EQ(client.read().body.size(), 5U);
    EXPECT_EQ(client.read().body, "here");
  }
}

TEST(answers_of_pools, say_of_the_connection_what_the_loops_say) {
  served web;
  {
    raw_client client(web.port());
    client.send(get("/io/1", "Connection: keep-alive\r\n", "HTTP/1.0"));
    EXPECT_TRUE(client.read().has("Connection: keep-alive"));
    client.send("HEAD /io/1 HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.read(true).has("Content-Length: 5"));
    client.send(get("/io/close"));
    EXPECT_TRUE(client.read().has("Connection: close"));
    EXPECT_EQ(client.read_to_end(), "");
  }
  raw_client client(web.port());
  client.send(get("/io/1", "Connection: close\r\n"));
  EXPECT_TRUE(client.read().has("Connection: close"));
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(answers_of_pools, those_in_work_at_the_stop_say_that_it_ends) {
  served web(never_by_itself);
  raw_client client(web.port());
  client.send(get("/io/gate"));
  web.application().await_at_gate(1);
  web.web().stop();
  web.application().open_gate();
  EXPECT_TRUE(client.read().has("Connection: close"));
  client.close();
  web.wait();
}

}  // namespace
}  // namespace spaces::net
