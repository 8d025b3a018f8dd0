#include "platform/net/client/client.hpp"

#include "platform/base/descriptor.hpp"
#include "platform/net/public_address.hpp"
#include "waiting/waiting.hpp"
#include "wire/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
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
http::client_request post(std::string_view origin, std::string_view body = "body",
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

TEST(client, connects_to_no_address_that_may_not_be_called) {
  scripted_server server([&](peer& one, int) {
    one.read();
    one.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  client_options options;
  options.may_connect = &is_public_web;
  const auto picky = make(options);
  const std::string port = server.origin().substr(server.origin().rfind(':'));
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"})
    EXPECT_THAT(body_of(*picky, post("http://" + host + port)), HasSubstr("no address that may be called")) << host;
  options.may_connect = [](const socket_address&) { return true; };
  EXPECT_EQ(body_of(*make(options), post(server.origin())), "");
}

TEST(client, sends_what_is_asked_and_gives_what_is_answered) {
  std::string seen;
  scripted_server server([&](peer& one, int) {
    seen = one.read();
    one.send("HTTP/1.1 404 Not Found\r\nX-One: a\r\nContent-Length: 4\r\nx-two:  b \r\n\r\nbody");
  });
  const auto web = make();
  const std::string& origin = server.origin();
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
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(body_of(*web, post(server.origin())), "once");
    EXPECT_TRUE(test::comes_true([&] { return server.ended() == i; }));
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

/// A new connection that dies, too, says something about the server: once is enough, however many are kept.
TEST(client, a_dead_connection_is_replaced_once_and_not_until_one_lives) {
  constexpr int kept = 3;
  std::atomic<int> arrived{0};
  std::atomic<int> refused{0};
  const auto die = [&](peer& one) {
    ++refused;
    one.reset();
  };
  scripted_server server([&](peer& one, int number) {
    one.read();
    ++arrived;
    while (arrived < kept) std::this_thread::yield();  // until each caller has one of its own
    if (number > kept) return die(one);
    one.answer("first");
    if (!one.read().empty()) die(one);
  });
  const auto web = make();
  std::vector<std::future<std::string>> callers;
  callers.reserve(kept);
  for (int i = 0; i < kept; ++i)
    callers.push_back(std::async(std::launch::async, [&] { return body_of(*web, post(server.origin())); }));
  for (auto& each : callers) EXPECT_EQ(each.get(), "first");
  EXPECT_EQ(server.connections(), kept);
  EXPECT_EQ(body_of(*web, repeatable(post(server.origin()))), "first") << "by a new one, not by the next kept one";
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(server.connections(), kept + 1);
  EXPECT_THAT(body_of(*web, repeatable(post(server.origin()))), testing::StartsWith("failed: "));
  EXPECT_EQ(refused, 3) << "the kept one and one more";
  EXPECT_EQ(server.connections(), kept + 2);
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

/// What one answer, sent as it is and then the end, is taken for.
std::string reading_of(std::string_view answer) {
  scripted_server server([&](peer& one, int) {
    one.read();
    one.send(answer);
  });
  return body_of(*make(), post(server.origin()));
}

TEST(client, answers_in_every_form) {
  EXPECT_EQ(reading_of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"), "ab");
  EXPECT_EQ(reading_of("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"), "");
  EXPECT_EQ(reading_of("HTTP/1.1 204 No Content\r\n\r\n"), "");
  EXPECT_EQ(reading_of("HTTP/1.0 200 OK\r\n\r\nuntil the end"), "until the end");
  EXPECT_EQ(reading_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"), "abc");
  EXPECT_EQ(reading_of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"), "ab");
}

TEST(client, answers_that_cannot_be_trusted_are_refused) {
  for (const std::string_view answer :
       {"", "H", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", "HTTP/1.1 200 OK\r\nContent-Le",
        "<html>garbage</html>", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2OO OK\r\n\r\n", "HTTP/1.1 101 Now\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nab", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab",
        "HTTP/1.1 200 OK\r\n folded: a\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nBad Name: a\r\nContent-Length: 2\r\n\r\nab"}) {
    EXPECT_THAT(reading_of(answer), testing::StartsWith("failed: http://127.0.0.1:")) << answer;
  }
}

TEST(client, answers_over_their_bounds_are_refused_before_they_have_come) {
  client_options options;
  options.framing.body_bytes = 1000;
  const auto web = make(options);
  const std::string_view heads[] = {"Content-Length: 1001\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e9\r\n",
                                    "Many: "};
  for (const std::string_view head : heads) {
    scripted_server server([&](peer& one, int) {
      one.read();
      one.send(std::string("HTTP/1.1 200 OK\r\n").append(head).append(std::string(20000, 'x')));
      one.hold();
    });
    EXPECT_THAT(body_of(*web, post(server.origin())), HasSubstr("its answer is refused: ")) << head;
  }
  scripted_server endless([&](peer& one, int) {
    one.read();
    one.send("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'));
    one.hold();
  });
  EXPECT_THAT(body_of(*web, post(endless.origin())), HasSubstr("too large"));
}

TEST(client, a_body_of_the_longest_kind_in_both_directions) {
  std::size_t came = 0;
  const std::string large(3'000'000, 'x');
  scripted_server server([&](peer& one, int) {
    came = one.read().size();
    one.answer(large);
  });
  EXPECT_EQ(body_of(*make(), post(server.origin(), large)), large);
  EXPECT_GT(came, large.size());
}

/// The second would be taken for the answer to the next request.
TEST(client, a_connection_with_an_answer_too_many_is_not_used_again) {
  for (const bool later : {false, true}) {
    std::atomic<bool> kept = false;
    std::atomic<int> too_many{0};
    scripted_server server([&](peer& one, int number) {
      for (int i = 0; !one.read().empty(); ++i) {
        one.answer(std::to_string(number) + '-' + std::to_string(i));
        if (later) test::comes_true([&] { return kept.load(); });
        one.answer("too many");
        one.deliver();
        ++too_many;
      }
    });
    const auto web = make();
    EXPECT_EQ(body_of(*web, post(server.origin())), "0-0");
    kept = true;
    EXPECT_TRUE(test::comes_true([&] { return too_many == 1; }));
    EXPECT_EQ(body_of(*web, post(server.origin())), "1-0");
  }
}

TEST(client, connections_that_are_to_be_closed_are_not_kept) {
  for (const std::string_view more : {"Connection: close\r\n", "Connection: Keep-Alive, Close\r\n"}) {
    scripted_server server([&](peer& one, int) {
      while (!one.read().empty()) one.answer("a", more);
    });
    const auto web = make();
    for (int i = 1; i <= 2; ++i) {
      EXPECT_EQ(body_of(*web, post(server.origin())), "a");
      EXPECT_EQ(server.connections(), i);
    }
  }
}

TEST(client, a_connection_kept_for_too_long_is_replaced) {
  scripted_server server([](peer& one, int) { one.count(); });
  client_options options;
  options.idle_time_max = milliseconds(30);
  const auto web = make(options);
  EXPECT_EQ(body_of(*web, post(server.origin())), "1");
  test::let_time_pass(milliseconds(60));
  EXPECT_EQ(body_of(*web, post(server.origin())), "1");
  EXPECT_EQ(server.connections(), 2);
}

TEST(client, every_wait_ends_by_the_deadline) {
  const std::string_view starts[] = {"", "HTTP/1.1 200 OK\r\nConte", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"};
  for (const std::string_view start : starts) {
    scripted_server server([&](peer& one, int) {
      one.read();
      one.send(start);
      one.hold();
    });
    const auto outgoing = post(server.origin(), "body", milliseconds(500));
    const auto answer = make()->send(outgoing);
    EXPECT_TRUE(steady_clock::now() >= outgoing.deadline) << "not before it";
    ASSERT_FALSE(answer);
    EXPECT_TRUE(answer.error().may_have_arrived);
    EXPECT_THAT(answer.error().text, HasSubstr("no answer in time"));
  }
}

TEST(client, a_silent_server_is_given_up_before_the_deadline_and_a_slow_one_is_not) {
  scripted_server silent([](peer& one, int) { one.hold(); });
  constexpr milliseconds never = std::chrono::hours(24);
  auto outgoing = post(silent.origin(), "body", never);
  outgoing.silence_max = milliseconds(120);
  EXPECT_THAT(body_of(*make(), outgoing), HasSubstr("no answer in time"));

  // Long enough for a server that is kept waiting by a busy machine, and shorter than all of the answer.
  constexpr milliseconds silence_max(3000);
  scripted_server slow([&](peer& one, int) {
    one.read();
    one.send("HTTP/1.1 200 OK\r\n\r\n");
    for (auto since = steady_clock::now(); steady_clock::now() - since < silence_max * 3 / 2;) {
      test::let_time_pass(milliseconds(10));
      one.send("x");
    }
    one.send("whole");
  });
  outgoing = post(slow.origin(), "body", never);
  outgoing.silence_max = silence_max;
  EXPECT_THAT(body_of(*make(), outgoing), testing::EndsWith("xwhole"));
}

TEST(client, a_request_that_is_not_taken_has_not_arrived) {
  std::promise<void> given_up;
  const std::shared_future<void> end = given_up.get_future().share();
  scripted_server server([&](peer&, int) { end.wait(); });
  const auto answer = make()->send(post(server.origin(), std::string(std::size_t{20'000'000}, 'x'), milliseconds(500)));
  given_up.set_value();
  ASSERT_FALSE(answer);
  EXPECT_FALSE(answer.error().may_have_arrived);
  EXPECT_THAT(answer.error().text, HasSubstr("took no more of the request in time"));
}

TEST(client, no_more_connections_than_the_bound) {
  std::atomic<int> concurrent{0};
  std::atomic<int> most{0};
  scripted_server server([&](peer& one, int) {
    while (!one.read().empty()) {
      int before = most;
      for (const int now = ++concurrent; before < now && !most.compare_exchange_weak(before, now);) {
      }
      test::comes_true([&] { return most >= 3; });  // the first wait for each other, all later ones for nobody
      --concurrent;
      one.answer("a");
    }
  });
  client_options options;
  options.connections_max = 3;
  const auto web = make(options);
  std::vector<std::future<bool>> callers;
  callers.reserve(16);
  for (int i = 0; i < 16; ++i)
    callers.push_back(std::async(std::launch::async, [&] {
      for (int k = 0; k < 5; ++k)
        if (body_of(*web, post(server.origin())) != "a") return false;
      return true;
    }));
  for (auto& one : callers) EXPECT_TRUE(one.get());
  EXPECT_EQ(most, 3);
  EXPECT_EQ(server.connections(), 3);
}

/// A listener whose queue is full takes no notice of who else wants to connect, as a firewall that drops does.
class deaf_listener {
 public:
  deaf_listener() : listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const where = reinterpret_cast<sockaddr*>(&address_);
    if (::bind(listening_.get(), where, size) != 0 || ::listen(listening_.get(), 0) != 0 ||
        ::getsockname(listening_.get(), where, &size) != 0)
      throw std::runtime_error("no socket to listen on");
    for (int i = 0; i < 4; ++i) {
      waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      if (::connect(waiting_.back().get(), where, size) != 0 && errno != EINPROGRESS)
        throw std::runtime_error("no connection to wait");
    }
    origin_ = "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port));
  }
  const std::string& origin() const { return origin_; }

 private:
  sockaddr_in address_{};
  descriptor listening_;
  std::vector<descriptor> waiting_;
  std::string origin_;
};

TEST(client, connecting_has_a_bound_of_its_own_and_the_deadline) {
  const deaf_listener deaf;
  constexpr milliseconds little(150), much = std::chrono::hours(24);
  for (const auto& [bound, time] : {std::pair(little, much), std::pair(much, little)}) {
    client_options options;
    options.connect_time_max = bound;
    // Were it the other bound that ends it, this would be the test that hangs.
    const auto answer = make(options)->send(post(deaf.origin(), "body", time));
    ASSERT_FALSE(answer);
    EXPECT_FALSE(answer.error().may_have_arrived);
    EXPECT_THAT(answer.error().text, HasSubstr("timed out"));
  }
}

TEST(client, a_server_that_does_not_greet_by_tls_is_given_up) {
  scripted_server mute([](peer& one, int) { one.hold(); });
  client_options options;
  options.connect_time_max = milliseconds(150);
  const std::string origin = "https://127.0.0.1:" + std::to_string(mute.port());
  const auto answer = make(options)->send(post(origin, "body", std::chrono::hours(24)));
  ASSERT_FALSE(answer);
  EXPECT_FALSE(answer.error().may_have_arrived);
}

TEST(client, who_finds_all_connections_busy_waits_no_longer_than_the_deadline) {
  std::promise<void> taken, asked;
  scripted_server server([&](peer& one, int) {
    one.read();
    taken.set_value();
    asked.get_future().wait();
    one.answer("a");
  });
  client_options options;
  options.connections_max = 1;
  const auto web = make(options);
  auto first =
      std::async(std::launch::async, [&] { return body_of(*web, post(server.origin(), "a", test::patience)); });
  taken.get_future().wait();
  const auto answer = web->send(post(server.origin(), "b", milliseconds(50)));
  asked.set_value();
  ASSERT_FALSE(answer);
  EXPECT_FALSE(answer.error().may_have_arrived);
  EXPECT_THAT(answer.error().text, HasSubstr("all connections are busy"));
  EXPECT_EQ(first.get(), "a");
}

TEST(client, servers_that_cannot_be_reached) {
  // Taken, so that nobody else can listen there, and without a listener.
  const descriptor taken(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const where = reinterpret_cast<sockaddr*>(&address);
  ASSERT_TRUE(::bind(taken.get(), where, size) == 0 && ::getsockname(taken.get(), where, &size) == 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  const auto web = make();
  for (const std::string& origin : {"http://127.0.0.1:" + port, std::string("http://name.invalid"),
                                    std::string("ftp://a"), std::string("http://"), std::string("http://a/b")}) {
    const auto answer = web->send(post(origin));
    ASSERT_FALSE(answer) << origin;
    EXPECT_FALSE(answer.error().may_have_arrived);
    EXPECT_THAT(answer.error().text, testing::StartsWith(origin + ": "));
  }
}

TEST(client, a_connection_made_ahead_of_use_is_the_one_that_is_used) {
  scripted_server server([](peer& one, int) { one.count(); });
  const auto web = make();
  const std::string& origin = server.origin();
  std::thread ahead([&] { web->warm(origin); });
  ahead.join();
  EXPECT_EQ(body_of(*web, post(origin)), "1");
  EXPECT_EQ(body_of(*web, post(origin)), "2");
  EXPECT_EQ(server.connections(), 1);
  web->warm("http://name.invalid");  // what goes wrong is left to the first request
}

}  // namespace
}  // namespace spaces::net
