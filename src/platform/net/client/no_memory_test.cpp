/// A request for which there is no memory fails alone: no connection is lost from the pool, and none is used again that
/// has half an exchange on it.
#include "memory/replaced_new.hpp"
#include "platform/net/client/client.hpp"
#include "wire/scripted_server.hpp"

#include <gtest/gtest.h>

#include <new>
#include <string>

namespace spaces::net {
namespace {

constexpr std::size_t allocations_max = 1000;

http::client_request get_of(const std::string& origin) {
  http::client_request outgoing;
  outgoing.verb = http::method::get;
  outgoing.origin = origin;
  outgoing.target = "/a-path-of-more-than-a-short-string-holds";
  outgoing.deadline = std::chrono::steady_clock::now() + test::patience;
  return outgoing;
}

TEST(client_no_memory, costs_one_request) {
  std::atomic<int> number{0};
  scripted_server server([&](peer& one, int) {
    while (!one.read().empty()) one.answer(std::to_string(++number), "X-More: than a short string holds\r\n");
  });
  for (const bool kept : {false, true}) {
    client_options options;
    options.connections_max = 1;
    auto web = *make_client(options);
    bool failed = true;
    std::size_t n = 1;
    for (; failed && n < allocations_max; ++n) {
      if (!kept) web = *make_client(options);
      const auto outgoing = get_of(server.origin());
      {
        const test::failing_allocation now(n, test::whose::own);
        try {
          const auto answer = web->send(outgoing);
          EXPECT_TRUE(answer || now.has_failed());
        } catch (const std::bad_alloc&) {
          EXPECT_TRUE(now.has_failed());
        }
        failed = now.has_failed();
      }
      // By the one connection that there may be: it was given back, and what it answers is this request's.
      const auto next = web->send(get_of(server.origin()));
      ASSERT_TRUE(next) << next.error().text << ", behind allocation " << n;
      EXPECT_EQ(next->body, std::to_string(number));
    }
    EXPECT_GT(n, 3U);
    EXPECT_LT(n, allocations_max);
  }
}

TEST(client_no_memory, leaves_nothing_half_made_that_was_made_ahead_of_use) {
  scripted_server server([](peer& one, int) { one.count(); });
  bool failed = true;
  std::size_t n = 1;
  for (; failed && n < allocations_max; ++n) {
    client_options options;
    options.connections_max = 1;
    const auto web = *make_client(options);
    {
      const test::failing_allocation now(n, test::whose::own);
      try {
        web->warm(server.origin());
      } catch (const std::bad_alloc&) {
        EXPECT_TRUE(now.has_failed());
      }
      failed = now.has_failed();
    }
    const auto next = web->send(get_of(server.origin()));
    ASSERT_TRUE(next) << next.error().text << ", behind allocation " << n;
  }
  EXPECT_GT(n, 3U);
  EXPECT_LT(n, allocations_max);
}

}  // namespace
}  // namespace spaces::net
