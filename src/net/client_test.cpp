#include "net/client.hpp"

#include "wire/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace spaces::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

std::unique_ptr<client> make(const client_options& options = {}) {
  auto made = make_client(options);
  if (!made) throw std::runtime_error(made.error().public_text);
  return *std::move(made);
}

/// A POST to `origin` that may take `time`.
http::client_request post(std::string_view origin, std::string_view body = "ask",
                          milliseconds time = std::chrono::seconds(10)) {
  http::client_request outgoing;
  outgoing.origin = origin;
  outgoing.body = body;
  outgoing.deadline = steady_clock::now() + time;
  return outgoing;
}

http::client_request repeatable(http::client_request outgoing) {
  outgoing.repeatable = true;
  return outgoing;
}

std::string body_of(client& web, const http::client_request& outgoing) {
  const auto answer = web.send(outgoing);
  return answer ? answer->body : "failed: " + answer.error().text;
}

TEST(client, sends_what_is_asked_and_gives_what_is_answered) {
  std::string seen;
  scripted_server server([&](peer& one, int) {
    seen = one.read();
    one.send("HTTP/1.1 404 Not Found\r\nX-One: a\r\nContent-Length: 4\r\nx-two:  b \r\n\r\nbody");
  });
  const auto web = make();
  const std::string origin = server.origin();
  auto outgoing = post(origin, "hello");
  const http::field_line fields[] = {{"X-Amz-Target", "Get"}, {"Accept", "*/*"}};
  outgoing.target = "/a?b=c";
  outgoing.fields = fields;
  const auto answer = web->send(outgoing);
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->body, "body");
  EXPECT_EQ(answer->field("x-ONE"), "a");
  EXPECT_EQ(answer->field("X-Two"), "b");
  EXPECT_EQ(answer->field("x-three"), "");
  EXPECT_EQ(seen, "POST /a?b=c HTTP/1.1\r\nHost: " + origin.substr(7) +
                      "\r\nX-Amz-Target: Get\r\nAccept: */*\r\nContent-Length: 5\r\n\r\nhello");
}

TEST(client, keeps_a_connection_for_the_next_request) {
  scripted_server server([](peer& one, int) { one.count(); });
  const auto web = make();
  for (const char* number : {"1", "2", "3"}) EXPECT_EQ(body_of(*web, post(server.origin())), number);
  EXPECT_EQ(server.connections(), 1);
}

TEST(client, a_connection_that_was_closed_while_it_was_kept_is_replaced) {
  scripted_server server([](peer& one, int) {
    one.read();
    one.answer("once");
  });
  const auto web = make();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(body_of(*web, post(server.origin())), "once");
    std::this_thread::sleep_for(milliseconds(50));  // until its end has come
  }
  EXPECT_EQ(server.connections(), 3);
}

/// Frozen with its process, a connection does not hear of its end before it is used.
TEST(client, a_kept_connection_that_dies_of_the_request_is_replaced_where_twice_is_as_good_as_once) {
  scripted_server server([](peer& one, int number) {
    one.read();
    one.answer("first");
    if (number == 1) return one.count();
    one.read();
    one.reset();
  });
  const auto web = make();
  EXPECT_EQ(body_of(*web, post(server.origin())), "first");
  EXPECT_EQ(body_of(*web, repeatable(post(server.origin()))), "first");
  EXPECT_EQ(server.connections(), 2);
}

TEST(client, what_must_not_be_done_twice_is_not_sent_twice) {
  scripted_server server([](peer& one, int) {
    one.read();
    one.answer("first");
    one.read();
  });
  const auto web = make();
  EXPECT_EQ(body_of(*web, post(server.origin())), "first");
  const auto second = web->send(post(server.origin()));
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().may_have_arrived);
  EXPECT_EQ(server.connections(), 1);
}

}  // namespace
}  // namespace spaces::net
