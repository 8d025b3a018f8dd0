#include "platform/net/server/byte_budget.hpp"
#include "platform/net/server/send_watch.hpp"
#include "platform/net/server/server.hpp"

#include "waiting/waiting.hpp"
#include "wire/raw_client.hpp"
#include "wire/served.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace spaces::net {
namespace {

using namespace std::chrono_literals;
using test::comes_true;

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;

// ---- The rule

struct watch_row {
  const char* what;
  std::uint64_t at_ms;
  std::uint64_t delivered;
  bool in_time;
};

// A pause of 10 s, then 4 KiB a second, and 120 s for an answer; watched from 1,000 ms on with 5,000 bytes delivered.
const watch_row watched_rows[] = {
    {"nothing yet", 1'000, 5'000, true},
    {"nothing within the pause", 11'000, 5'000, true},
    {"nothing behind it", 11'001, 5'000, false},
    {"the least rate", 21'000, 5'000 + 10 * 4096, true},
    {"a byte less", 21'000, 5'000 + 10 * 4096 - 1, false},
    {"what was early counts later", 60'999, 5'000 + 50 * 4096, true},
    {"the last moment of an answer", 120'999, 100'000'000, true},
    {"the end of an answer", 121'000, 100'000'000, false},
};

TEST(send_watch, wants_a_least_rate_after_a_pause_and_an_end) {
  const server_options bounds;
  for (const watch_row& row : watched_rows) {
    send_watch watch;
    watch.begin(1'000, 5'000);
    EXPECT_EQ(watch.in_time(row.at_ms, row.delivered, bounds), row.in_time) << row.what;
  }
}

TEST(send_watch, does_not_begin_anew_with_each_answer_until_all_is_delivered) {
  const server_options bounds;
  send_watch watch;
  watch.begin(0, 0);
  watch.begin(100'000, 40'000);  // the next answer waits, and not all before is there
  EXPECT_FALSE(watch.in_time(100'001, 40'000, bounds)) << "90 s at the least rate are 360 KiB";
  watch.begin(100'000, 400'000);
  EXPECT_TRUE(watch.in_time(101'000, 400'000, bounds));
  watch.begin(119'999, 100'000'000);
  EXPECT_TRUE(watch.in_time(120'001, 100'000'000, bounds)) << "each answer has its own end";
  watch.caught_up();
  EXPECT_FALSE(watch.watching());
  watch.begin(1'000'000, 100'000'000);
  EXPECT_TRUE(watch.in_time(1'010'000, 100'000'000, bounds)) << "it had caught up";
}

TEST(byte_budget, is_kept_and_says_when_memory_is_to_be_given_back) {
  byte_budget all(100, 50);
  EXPECT_TRUE(all.take(60));
  EXPECT_FALSE(all.take(41));
  EXPECT_TRUE(all.has(40));
  EXPECT_FALSE(all.has(41));
  EXPECT_TRUE(all.take(40));
  all.give(70);
  EXPECT_FALSE(all.should_return()) << "30 of 100 are in use";
  all.give(5);
  EXPECT_TRUE(all.should_return());
  EXPECT_FALSE(all.should_return()) << "once";
  all.give(21);
  EXPECT_FALSE(all.should_return()) << "some of it is left";
  all.give(4);
  EXPECT_TRUE(all.should_return()) << "the rest of it, too";
  EXPECT_TRUE(all.take(49));
  all.give(49);
  EXPECT_FALSE(all.should_return()) << "too little to bother";
  all.add(200);
  EXPECT_EQ(all.used(), 200U);
  EXPECT_FALSE(all.take(1));
}

// ---- Over sockets

TEST(slow_readers, one_who_takes_a_few_bytes_now_and_then_is_let_go) {
  served web([](server_options& options) {
    options.send_pause_max = 50ms;
    options.send_bytes_per_second_min = 100 * mib;
  });
  raw_client client(web.port(), 4096);
  client.send(get("/later/size/30000000"));
  char some[100];
  while (::recv(client.number(), some, sizeof some, 0) > 0 && web.web().open_connections() > 0)
    test::let_time_pass(1ms);
  EXPECT_EQ(web.web().open_connections(), 0U);
}

TEST(slow_readers, one_who_pipelines_is_let_go_too) {
  served web([](server_options& options) {
    options.send_pause_max = 50ms;
    options.send_bytes_per_second_min = 100 * mib;
  });
  raw_client client(web.port(), 4096);
  std::string many;
  for (int i = 0; i < 200; ++i) many += get("/io/size/100000");
  std::thread sender([&] { client.send(many); });
  char some[1000];
  while (::recv(client.number(), some, sizeof some, 0) > 0 && web.web().open_connections() > 0)
    test::let_time_pass(1ms);
  EXPECT_EQ(web.web().open_connections(), 0U);
  client.end_sending();
  sender.join();
}

TEST(slow_readers, one_who_reads_at_the_least_rate_gets_the_whole_answer) {
  served web([](server_options& options) {
    options.send_pause_max = test::patience;
    options.send_bytes_per_second_min = 100 * kib;
  });
  raw_client client(web.port(), 4096);
  client.send(get("/io/size/9000000"));
  EXPECT_EQ(client.read().body.size(), 9'000'000U);
  client.send(get("/here"));
  EXPECT_EQ(client.read().body, "here");
}

/// What does not fit is cut off, for a pool's thread sends as for the loop; others are served meanwhile.
TEST(slow_readers, what_waits_for_all_of_them_is_bounded) {
  for (const char* path : {"/io/size/30000000", "/later/size/30000000"}) {
    served web([](server_options& options) { options.outgoing_bytes_max = 40 * mib; });
    raw_client first(web.port(), 4096);
    first.send(get(path));
    EXPECT_FALSE(first.silent_for(test::patience));
    raw_client second(web.port(), 4096);
    second.send(get(path));
    EXPECT_TRUE(comes_true([&] { return web.web().open_connections() == 1; })) << path;
    raw_client small(web.port());
    small.send(get("/here"));
    EXPECT_EQ(small.read().status, 200) << path;
    EXPECT_EQ(first.read().body.size(), 30'000'000U) << path;
    raw_client third(web.port(), 4096);
    third.send(get(path));
    EXPECT_EQ(third.read().body.size(), 30'000'000U) << "there is space again";
  }
}

}  // namespace
}  // namespace spaces::net
