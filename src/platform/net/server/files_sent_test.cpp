// Answers whose bodies are files: sent from the page cache, at the pace of who reads them.
#include "platform/net/server/server.hpp"

#include "waiting/waiting.hpp"
#include "wire/raw_client.hpp"
#include "wire/served.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace spaces::net {
namespace {

using namespace std::chrono_literals;
using test::comes_true;

/// As the program does: sendfile(2) has no flag for it.
struct files_sent : testing::Test {
  static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }
};

std::string file(const char* lane, std::size_t bytes) { return std::string(lane) + "/file/" + std::to_string(bytes); }

std::size_t open_descriptors() {
  const auto all = std::filesystem::directory_iterator("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_F(files_sent, whole_and_nothing_of_what_stands_behind) {
  served web;
  raw_client client(web.port());
  for (const char* lane : {"", "/io"}) {
    for (const std::size_t bytes : {0UL, 1UL, 60'000UL, 600'000UL, 5'000'000UL}) {
      client.send(get(file(lane, bytes)));
      const auto answer = client.read();
      EXPECT_EQ(answer.status, 200) << lane << bytes;
      EXPECT_TRUE(answer.has("Content-Length: " + std::to_string(bytes)));
      EXPECT_TRUE(answer.body == small_application::pattern(0, bytes)) << lane << bytes;
    }
  }
}

TEST_F(files_sent, among_other_answers_in_the_order_of_the_requests) {
  served web;
  raw_client client(web.port());
  client.send(get("/here") + get(file("", 100'000)) + get("/here") + get(file("/io", 700'000)) + get("/later"));
  EXPECT_EQ(client.read().body, "here");
  EXPECT_TRUE(client.read().body == small_application::pattern(0, 100'000));
  EXPECT_EQ(client.read().body, "here");
  EXPECT_TRUE(client.read().body == small_application::pattern(0, 700'000));
  EXPECT_EQ(client.read().body, "/later");
}

TEST_F(files_sent, not_to_head) {
  served web;
  raw_client client(web.port());
  client.send("HEAD /file/60000 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/here"));
  EXPECT_TRUE(client.read(true).has("Content-Length: 60000"));
  EXPECT_EQ(client.read().body, "here");
}

TEST_F(files_sent, to_a_slow_reader_as_it_reads_and_without_memory) {
  served web([](server_options& options) { options.outgoing_bytes_max = 1000; });
  constexpr std::size_t bytes = 20'000'000;
  raw_client slow(web.port(), 4096);
  slow.send(get(file("", bytes)));
  raw_client other(web.port());
  other.send(get("/here"));
  EXPECT_EQ(other.read().status, 200) << "who waits for nobody is served meanwhile";
  const auto answer = slow.read();
  EXPECT_TRUE(answer.body == small_application::pattern(0, bytes));
}

TEST_F(files_sent, until_the_reader_is_too_slow_or_gone_and_then_are_closed) {
  served web([](server_options& options) { options.send_pause_max = 50ms; });
  const std::size_t before = open_descriptors();
  {
    raw_client stuck(web.port(), 4096);
    stuck.send(get(file("", 20'000'000)));
    EXPECT_TRUE(comes_true([&] { return web.web().open_connections() == 0; })) << "it reads nothing";
  }
  raw_client gone(web.port(), 4096);
  gone.send(get(file("/io", 20'000'000)));
  EXPECT_FALSE(gone.silent_for(5s));
  gone.reset();
  EXPECT_TRUE(comes_true([&] { return web.web().open_connections() == 0; }));
  EXPECT_TRUE(comes_true([&] { return open_descriptors() <= before; })) << open_descriptors() << " of " << before;
}

TEST_F(files_sent, to_many_at_one_time) {
  served web;
  constexpr std::size_t bytes = 2'000'000;
  std::vector<raw_client> clients;
  for (int i = 0; i < 32; ++i) clients.emplace_back(web.port());
  for (raw_client& client : clients) client.send(get(file("", bytes)));
  const std::string expected = small_application::pattern(0, bytes);
  for (raw_client& client : clients) EXPECT_TRUE(client.read().body == expected);
}

}  // namespace
}  // namespace spaces::net
