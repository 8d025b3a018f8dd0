#include "platform/net/server/server.hpp"

#include "memory/allocations.hpp"
#include "platform/net/server/worker_pool.hpp"
#include "wire/raw_client.hpp"
#include "wire/served.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace spaces::net {
namespace {

using testing::MatchesRegex;

std::string post(std::string_view path, std::string_view body, std::string_view more = "") {
  return std::string("POST ").append(path).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: ") +
         std::to_string(body.size()) + std::string("\r\n").append(more).append("\r\n").append(body);
}

TEST(server, answers_and_keeps_the_connection) {
  served web;
  raw_client client(web.port());
  for (int i = 0; i < 3; ++i) {
    client.send(get("/here"));
    const raw_answer answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "here");
    EXPECT_THAT(answer.head, MatchesRegex("HTTP/1.1 200 OK\r\nDate: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9][0-9] "
                                          "[A-Z][a-z][a-z] 20[0-9][0-9] [0-9:]{8} GMT\r\n"
                                          "Content-Type: text/plain\r\nContent-Length: 4\r\n"));
  }
}

TEST(server, answers_from_every_lane) {
  served web;
  raw_client client(web.port());
  for (const char* path : {"/later", "/io/a", "/cpu/a"}) {
    client.send(get(path));
    EXPECT_EQ(client.read().body, path);
  }
}

TEST(server, pipelined_requests_are_answered_in_their_order_whatever_their_lane) {
  served web;
  raw_client client(web.port());
  const std::vector<std::string> paths{"/io/1", "/here", "/cpu/2", "/later", "/here", "/io/gate", "/here", "/cpu/3"};
  std::string all;
  for (const auto& path : paths) all += get(path);
  client.send(all);
  web.application().await_at_gate(1);
  web.application().open_gate();
  for (const auto& path : paths) EXPECT_EQ(client.read().body, path == "/here" ? "here" : path);
}

TEST(server, a_thousand_pipelined_requests_more_than_a_buffer_holds) {
  served web;
  raw_client client(web.port());
  std::string all;
  for (int i = 0; i < 1000; ++i) all += get(i % 50 == 7 ? "/io/x" : "/later/" + std::to_string(i));
  std::thread sender([&] { client.send(all); });
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(client.read().body, i % 50 == 7 ? "/io/x" : "/later/" + std::to_string(i));
  sender.join();
}

TEST(server, requests_in_single_bytes) {
  served web;
  raw_client client(web.port());
  for (const char byte : get("/here") + post("/io/echo", "hello") + get("/later")) client.send({&byte, 1});
  EXPECT_EQ(client.read().body, "here");
  EXPECT_EQ(client.read().body, "hello");
  EXPECT_EQ(client.read().body, "/later");
}

TEST(server, head_gets_the_fields_without_the_body) {
  served web;
  raw_client client(web.port());
  for (const char* path : {"/here", "/io/12"}) {
    client.send(std::string("HEAD ") + path + " HTTP/1.1\r\nHost: a\r\n\r\n" + get(path));
    const raw_answer head = client.read(true);
    const raw_answer full = client.read();
    EXPECT_EQ(head.head, full.head);
    EXPECT_FALSE(full.body.empty());
  }
}

TEST(server, connection_close_is_kept_and_said) {
  served web;
  raw_client client(web.port());
  client.send(get("/here", "Connection: close\r\n") + get("/never"));
  EXPECT_TRUE(client.read().has("Connection: close"));
  EXPECT_TRUE(client.ended());
}

/// RFC 9112, 9.6: a client that says that it closes may still be sending.
TEST(server, lingers_behind_the_last_answer_of_a_client_that_closes) {
  served web([](server_options& options) { options.linger_time_max = std::chrono::hours(1); });
  for (const auto& last :
       {get("/here", "Connection: close\r\n"), get("/io/x", "Connection: close\r\n"), get("/here", "", "HTTP/1.0")}) {
    raw_client client(web.port());
    client.send(last);
    EXPECT_EQ(client.read().status, 200);
    EXPECT_TRUE(client.ended());
    EXPECT_EQ(web.web().open_connections(), 1U) << "it waits for the client's end";
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(client.send("x")) << "nothing is reset";
    client.close();
    while (web.web().open_connections() > 0) std::this_thread::yield();
  }
}

TEST(server, tells_the_application_the_origin_of_what_it_refuses) {
  served web([](server_options& options) {
    options.header_time_max = std::chrono::seconds(1);
    options.io_threads = options.io_queue_max = 1;
  });
  const std::string origin = "Origin: https://p.example\r\n";
  const std::string post = "POST /io/echo HTTP/1.1\r\nHost: a\r\n" + origin;
  const std::pair<int, std::string> refused[] = {
      {400, "GET / HTTP/1.1\r\n" + origin + "\r\n"},
      {408, "GET / HTTP/1.1\r\n" + origin + "Host:"},
      {413, post + "Content-Length: 1000000\r\n\r\n"},
      {413, post + "Transfer-Encoding: chunked\r\n\r\nfffff\r\n"},
      {414, get("/" + std::string(5000, 'a'), origin)},
      {417, post + "Expect: more\r\n\r\n"},
      {431, get("/", origin + "X: " + std::string(20'000, 'x') + "\r\n")},
      {501, "BREW / HTTP/1.1\r\nHost: a\r\n" + origin + "\r\n"},
      {501, post + "Transfer-Encoding: gzip\r\n\r\n"},
      {505, get("/", origin, "HTTP/2.0")},
      {500, get("/io/throw", origin)},
  };
  for (const auto& [status, bytes] : refused) {
    raw_client client(web.port());
    client.send(bytes);
    const raw_answer answer = client.read();
    EXPECT_EQ(answer.status, status);
    EXPECT_TRUE(answer.has("Origin-Read: https://p.example")) << status << answer.head;
  }
}

TEST(server, the_application_may_close) {
  served web;
  raw_client client(web.port());
  client.send(get("/io/close"));
  EXPECT_TRUE(client.read().has("Connection: close"));
  EXPECT_TRUE(client.ended());
}

TEST(server, http_1_0_closes_unless_asked_to_stay) {
  served web;
  raw_client client(web.port());
  client.send("GET /here HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(client.read().has("Connection: keep-alive"));
  client.send("GET /here HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(client.read().has("Connection: close"));
  EXPECT_TRUE(client.ended());
}

TEST(server, continues_when_the_body_is_waited_for) {
  served web;
  raw_client client(web.port());
  const std::string request = post("/io/echo", "hello", "Expect: 100-continue\r\n");
  const std::size_t head = request.size() - 5;
  client.send(request.substr(0, head));
  EXPECT_EQ(client.read().status, 100);
  client.send(request.substr(head));
  EXPECT_EQ(client.read().body, "hello");
  // The body is there already: nobody waits.
  client.send(request);
  EXPECT_EQ(client.read().status, 200);
  // The next request's expectation is its own.
  client.send(request.substr(0, head));
  EXPECT_EQ(client.read().status, 100);
}

TEST(server, does_not_continue_to_a_body_that_it_will_not_read) {
  served web;
  raw_client client(web.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n");
  EXPECT_EQ(client.read().status, 413);
  EXPECT_TRUE(client.ended());
  raw_client other(web.port());
  other.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: the-best\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(other.read().status, 417);
  EXPECT_TRUE(other.ended());
}

TEST(server, a_breach_of_the_grammar_is_refused_and_the_connection_closed) {
  served web;
  for (const char* bytes : {"GET / HTTP/1.1\nHost: a\n\n", "\x16\x03\x01", "GET / HTTP/1.1\r\n\r\n"}) {
    raw_client client(web.port());
    client.send(bytes);
    const raw_answer answer = client.read();
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(client.ended());
  }
}

TEST(server, what_was_asked_before_a_breach_is_answered_first) {
  served web;
  raw_client client(web.port());
  client.send(get("/io/1") + "nonsense\r\n\r\n");
  EXPECT_EQ(client.read().body, "/io/1");
  EXPECT_EQ(client.read().status, 400);
  EXPECT_TRUE(client.ended());
}

TEST(server, a_half_closed_client_gets_its_answers) {
  served web;
  for (const char* path : {"/here", "/io/1"}) {
    raw_client client(web.port());
    client.send(get(path) + get(path));
    client.end_sending();
    EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(client.read().status, 200);
    EXPECT_TRUE(client.ended());
  }
}

TEST(server, half_a_request_and_an_end_is_refused) {
  served web;
  raw_client client(web.port());
  client.send("GET / HT");
  client.end_sending();
  EXPECT_EQ(client.read().status, 400);
  EXPECT_TRUE(client.ended());
  raw_client silent(web.port());
  silent.end_sending();
  EXPECT_TRUE(silent.ended());
}

TEST(server, a_refusal_outlives_the_body_that_is_still_sent) {
  served web;
  raw_client client(web.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n");
  client.send(std::string(900000, 'x'));
  EXPECT_EQ(client.read().status, 413);
  EXPECT_TRUE(client.ended()) << "reset, errno " << client.error();
}

TEST(server, large_bodies_in_both_codings) {
  served web;
  raw_client client(web.port());
  std::string body(limits::body_bytes_max, ' ');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7 + i / 251);
  std::thread sender([&] {
    client.send(post("/io/echo", body));
    client.send("POST /later/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (std::size_t at = 0, size = 1; at < body.size(); at += size, size = (size * 5 + 3) % 9001 + 1) {
      char line[20];
      size = std::min(size, body.size() - at);
      std::snprintf(line, sizeof line, "%zx\r\n", size);
      client.send(line + body.substr(at, size) + "\r\n");
    }
    client.send("0\r\n\r\n" + get("/here"));
  });
  EXPECT_EQ(client.read().body, body);
  EXPECT_EQ(client.read().body, body);
  EXPECT_EQ(client.read().body, "here");
  sender.join();
}

TEST(server, large_answers_arrive_whole_and_in_order) {
  served web;
  raw_client client(web.port(), 4096);
  client.send(get("/later/size/3000000") + get("/here") + get("/io/size/2000000") + get("/later/size/16385") +
              get("/here"));
  for (const std::size_t size : {3000000U, 4U, 2000000U, 16385U, 4U}) EXPECT_EQ(client.read().body.size(), size);
}

TEST(server, a_bug_in_a_handler_costs_one_request) {
  served web;
  for (const char* path : {"/later/throw", "/io/throw"}) {
    raw_client client(web.port());
    client.send(get(path));
    EXPECT_EQ(client.read().status, 500);
  }
  raw_client client(web.port());
  client.send(get("/here"));
  EXPECT_EQ(client.read().status, 200);
}

TEST(server, a_client_that_vanishes_takes_nothing_with_it) {
  served web;
  for (int i = 0; i < 2; ++i) {
    raw_client gone(web.port());
    gone.send(get("/io/gate") + get("/here"));
    web.application().await_at_gate(i + 1);
    i == 0 ? gone.reset() : gone.close();
  }
  raw_client client(web.port());
  client.send(get("/here"));
  EXPECT_EQ(client.read().status, 200);
  web.application().open_gate();
  client.send(get("/io/1"));
  EXPECT_EQ(client.read().status, 200);
}

TEST(server, names_the_client) {
  served web;
  raw_client client(web.port());
  client.send(get("/later/peer"));
  EXPECT_EQ(client.read().body, "127.0.0.1");
}

TEST(server, computing_threads_give_way_to_the_loops) {
  served web;
  raw_client client(web.port());
  client.send(get("/io/niceness") + get("/cpu/niceness"));
  const int waiting = std::stoi(client.read().body);
  EXPECT_EQ(std::stoi(client.read().body), std::min(waiting + yielding_niceness, 19));
}

TEST(server, a_warm_get_allocates_nothing) {
  served web([](server_options& options) { options.loops = 1; });
  raw_client client(web.port());
  const std::string request = get("/here", "Accept: */*\r\nAuthorization: Bearer abc\r\n");
  std::array<char, 4096> answer;
  // Neither does the client, between the two counts.
  auto fetch = [&] {
    return ::send(client.number(), request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()) &&
           ::recv(client.number(), answer.data(), answer.size(), 0) > 0;
  };
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(fetch());
  const std::size_t before = test::allocations();
  bool all = true;
  for (int i = 0; i < 1000; ++i) all = fetch() && all;
  const std::size_t after = test::allocations();
  EXPECT_TRUE(all);
  // The Date line of a new second is written into memory that is there.
  EXPECT_EQ(after - before, 0U);
}

}  // namespace
}  // namespace spaces::net
