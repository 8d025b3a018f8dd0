/// A request for which there is no memory ends alone, wherever in server and router it runs out.
#include "platform/http/cors.hpp"
#include "platform/http/test_rows.hpp"
#include "platform/net/server/server.hpp"

#include "memory/allocations.hpp"
#include "wire/raw_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

namespace spaces::net {
namespace {

using testing::Contains;
using testing::HasSubstr;

class no_memory : public testing::Test {
 protected:
  no_memory() {
    api_.clock.time = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    api_.large = '"' + std::string(40'000, 'x') + '"';
    server_options options;
    options.listen = {"127.0.0.1:0"};
    options.loops = 1;
    options.io_threads = 1;
    web_ = std::make_unique<server>(application_, options);
    if (const auto listening = web_->listen(); !listening) throw std::runtime_error(listening.error().public_text);
    runner_ = std::thread([this] { web_->run(); });
  }
  ~no_memory() override {
    web_->stop();
    runner_.join();
  }

  /// The answer while the nth allocation for it fails; status 0: the connection was closed unheard.
  raw_answer answer_without(std::size_t nth, bool connect_before, const std::function<void(raw_client&)>& send,
                            bool& failed) {
    raw_client client(connect_before ? web_->port() : std::uint16_t{0});
    if (connect_before) {
      client.send(get("/things"));
      EXPECT_EQ(client.read().status, 200);
    }
    const test::failing_allocation now(nth);
    if (!connect_before) client.connect(web_->port());
    send(client);
    raw_answer answer = client.read();
    failed = now.has_failed();
    return answer;
  }

  /// For every n of the request; what its answer is when nothing fails.
  void try_all(int status, const std::function<void(raw_client&)>& send) {
    for (const bool connect_before : {true, false}) {
      std::set<int> seen;
      raw_client beside(web_->port());
      beside.send(get("/things"));
      ASSERT_EQ(beside.read().status, 200);
      bool failed = true;
      std::size_t n = 1;
      for (; failed && n < 1000; ++n) {
        const raw_answer answer = answer_without(n, connect_before, send, failed);
        seen.insert(answer.status);
        if (answer.status == 503) {
          EXPECT_THAT(answer.body, HasSubstr("try again later")) << n;
          EXPECT_TRUE(answer.has("Content-Type: application/problem+json")) << answer.head;
          EXPECT_TRUE(answer.has("Retry-After: 1"));
        } else if (answer.status != 0 || connect_before) {
          EXPECT_EQ(answer.status, status) << n;
        }
        beside.send(get("/things"));
        const raw_answer others = beside.read();
        ASSERT_EQ(others.status, 200) << "another is served behind allocation " << n << ": " << others.body;
      }
      EXPECT_LT(n, 1000U);
      EXPECT_GT(n, 2U);
      EXPECT_THAT(seen, Contains(status));
      EXPECT_THAT(seen, Contains(503));
    }
  }

  test::test_api api_{[](http::router_options& options) {
    options.reads_inline = true;
    options.table_version = [] { return std::uint64_t{1}; };
    options.report = [](const http::failure_report&) {};
  }};
  http::cors application_{api_.application, http::cors_policy{{"https://app.example.com"}, true},
                          http::security_fields(true)};
  std::unique_ptr<server> web_;
  std::thread runner_;
};

constexpr std::string_view origin_line = "Origin: https://app.example.com\r\n";

TEST_F(no_memory, on_the_loop) {
  try_all(200, [](raw_client& client) { client.send(get("/things/7", origin_line)); });
}

TEST_F(no_memory, for_a_large_answer_and_its_compression_and_its_place_in_the_cache) {
  int tried = 0;
  try_all(200, [&](raw_client& client) {
    // Another target each time, so that none is answered from the cache.
    const std::string target = "/large?n=" + std::to_string(++tried);
    const std::string token = "Authorization: Bearer good\r\n";
    client.send(get(target, token + (tried % 2 == 0 ? "" : "Accept-Encoding: gzip\r\n")));
  });
}

TEST_F(no_memory, on_a_thread_of_a_pool) {
  try_all(200, [](raw_client& client) { client.send(get("/short?long", origin_line)); });
}

TEST_F(no_memory, for_a_body_that_comes_in_parts) {
  const std::string head = "POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
                           std::string(origin_line) + "Transfer-Encoding: chunked\r\n\r\n";
  try_all(201, [&](raw_client& client) {
    client.send(head + "4000\r\n");
    for (int i = 0; i < 16; ++i) client.send(std::string(1024, ' '));
    client.send("\r\n4000\r\n" + std::string(16 * 1024, ' ') + "\r\n0\r\n\r\n");
  });
}

TEST_F(no_memory, for_a_body_in_pieces) {
  const std::string head =
      "PUT /uploads/x HTTP/1.1\r\nHost: a\r\n" + std::string(origin_line) + "Content-Length: 300000\r\n\r\n";
  try_all(200, [&](raw_client& client) {
    client.send(head);
    for (int i = 0; i < 30; ++i) client.send(std::string(10'000, 'x'));
  });
}

TEST_F(no_memory, for_a_file) {
  try_all(200, [](raw_client& client) { client.send(get("/file", origin_line)); });
}

TEST_F(no_memory, for_what_is_refused) {
  try_all(404, [](raw_client& client) { client.send(get("/nowhere", origin_line)); });
  try_all(401, [](raw_client& client) { client.send(get("/mine", origin_line)); });
  try_all(400, [](raw_client& client) { client.send("GET / HTTP/1.1\r\n" + std::string(origin_line) + "X\r\n\r\n"); });
  try_all(500, [](raw_client& client) { client.send(get("/throws", origin_line)); });
  try_all(204, [](raw_client& client) {
    client.send("OPTIONS /things HTTP/1.1\r\nHost: a\r\nAccess-Control-Request-Method: GET\r\n" +
                std::string(origin_line) + "\r\n");
  });
}

}  // namespace
}  // namespace spaces::net
