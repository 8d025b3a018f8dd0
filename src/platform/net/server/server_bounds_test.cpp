#include "platform/net/server/server.hpp"

#include "waiting/waiting.hpp"
#include "wire/raw_client.hpp"
#include "wire/served.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <deque>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace spaces::net {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using testing::HasSubstr;

std::size_t open_descriptors() {
  const auto all = std::filesystem::directory_iterator("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// The other tests shorten these; those of sizes are held at their bytes (request_parser_test.cpp).
TEST(server_bounds, are_what_the_interface_promises_unless_told_otherwise) {
  const server_options promised;
  EXPECT_EQ(promised.header_time_max, 5s);
  EXPECT_EQ(promised.body_time_max, 10s);
  EXPECT_EQ(promised.body_bytes_per_second_min, 1024U);
  EXPECT_EQ(promised.piece_bytes, 128U * 1024);
  EXPECT_EQ(promised.pieces_time_max, 600s);
  EXPECT_EQ(promised.pieces_pause_max, 10s);
  EXPECT_EQ(promised.pieces_bytes_per_second_min, 4096U);
  EXPECT_EQ(promised.refused_time_max, 30s);
  EXPECT_EQ(promised.idle_time_max, 30s);
  EXPECT_EQ(promised.send_time_max, 120s);
  EXPECT_EQ(promised.send_pause_max, 10s);
  EXPECT_EQ(promised.send_bytes_per_second_min, 4096U);
  EXPECT_EQ(promised.outgoing_bytes_max, 256U * 1024 * 1024);
  EXPECT_EQ(promised.connections_max, 10'000U);
  EXPECT_EQ(promised.connections_per_address_max, 500U);
  EXPECT_EQ(promised.drain_time_max, 10s);
}

TEST(server_bounds, a_slow_header_section_gets_408) {
  served web([](server_options& options) { options.header_time_max = 50ms; });
  raw_client client(web.port());
  client.send("GET /here HTTP/1.1\r\nHost:");
  EXPECT_EQ(client.read().status, 408);
  EXPECT_TRUE(client.ended());
}

TEST(server_bounds, the_time_for_a_header_section_is_not_renewed_by_its_bytes) {
  served web([](server_options& options) { options.header_time_max = 100ms; });
  raw_client client(web.port());
  client.send("GET /here HTTP/1.1\r\n");
  // Renewed by each, it would never be over.
  while (client.silent_for(10ms)) client.send("X: y\r\n");
  EXPECT_EQ(client.read().status, 408);
}

TEST(server_bounds, an_idle_connection_is_closed_without_a_word) {
  // Long enough for a request to be sent on a busy machine.
  served web([](server_options& options) { options.idle_time_max = options.header_time_max = 1s; });
  raw_client fresh(web.port());
  EXPECT_TRUE(fresh.ended());
  raw_client used(web.port());
  used.send(get("/here"));
  EXPECT_EQ(used.read().status, 200);
  EXPECT_TRUE(used.ended());
  // An empty line is no request.
  raw_client blank(web.port());
  blank.send("\r\n");
  EXPECT_TRUE(blank.ended());
}

TEST(server_bounds, a_request_in_work_is_not_idle) {
  served web([](server_options& options) { options.idle_time_max = 1s; });
  raw_client client(web.port());
  client.send(get("/io/gate"));
  EXPECT_TRUE(client.silent_for(2s));
  web.application().open_gate();
  EXPECT_EQ(client.read().status, 200);
}

TEST(server_bounds, what_all_requests_hold_together_is_bounded) {
  served web([](server_options& options) { options.incoming_bytes_max = 300'000; });
  const std::string head = "POST /io/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n";
  raw_client first(web.port());
  first.send(head + std::string(150'000, 'x'));
  EXPECT_TRUE(comes_true([&] { return first.is_read(); }));
  raw_client second(web.port());
  second.send(head + std::string(150'000, 'x'));
  const auto refused = second.read();
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.head, HasSubstr("Retry-After"));
  EXPECT_TRUE(second.ended());
  raw_client small(web.port());
  small.send(get("/here"));
  EXPECT_EQ(small.read().status, 200) << "small requests are served meanwhile";
  first.send(std::string(50'000, 'x'));
  EXPECT_EQ(first.read().body.size(), 200'000U);
  // What the first held is given back behind its answer.
  EXPECT_TRUE(comes_true([&] {
    raw_client third(web.port());
    third.send(head + std::string(200'000, 'x'));
    return third.read().body.size() == 200'000U;
  })) << "there is space again";
}

TEST(server_bounds, a_body_that_stops_gets_408) {
  served web([](server_options& options) { options.body_time_max = 100ms; });
  raw_client client(web.port());
  client.send("POST /io/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell");
  EXPECT_EQ(client.read().status, 408);
  EXPECT_TRUE(client.ended());
}

TEST(server_bounds, a_body_below_the_least_rate_gets_408_before_its_time_is_over) {
  served web([](server_options& options) { options.body_time_max = 24h; });
  raw_client client(web.port());
  client.send("POST /io/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  while (client.silent_for(100ms)) client.send("x");
  EXPECT_EQ(client.read().status, 408);
}

TEST(server_bounds, a_slow_body_above_the_least_rate_is_read) {
  // A twentieth of what is sent, for who is kept waiting by a busy machine.
  served web([](server_options& options) { options.body_bytes_per_second_min = 10; });
  raw_client client(web.port());
  client.send("POST /io/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n");
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(client.silent_for(450ms));
    client.send(std::string(100, 'x'));
  }
  EXPECT_EQ(client.read().body.size(), 500U);
}

TEST(server_bounds, who_does_not_read_the_answer_is_cut_off) {
  served web([](server_options& options) { options.send_time_max = 100ms; });
  raw_client client(web.port(), 4096);
  client.send(get("/later/size/30000000"));
  EXPECT_FALSE(client.silent_for(test::patience));
  EXPECT_TRUE(comes_true([&] { return web.web().open_connections() == 0; }));
  EXPECT_LT(client.read_to_end().size(), 30000000U);
}

TEST(server_bounds, who_reads_slowly_gets_the_whole_answer) {
  served web([](server_options& options) { options.send_time_max = options.send_pause_max = 1h; });
  raw_client client(web.port(), 4096);
  client.send(get("/later/size/9000000"));
  // The kernel takes no more: what is left waits in the server.
  std::size_t before = 0;
  EXPECT_TRUE(comes_true([&] {
    test::let_time_pass(50ms);
    return std::exchange(before, client.arrived()) == client.arrived() && before > 0;
  }));
  EXPECT_EQ(client.read().body.size(), 9000000U);
}

TEST(server_bounds, lingering_ends_after_its_time_and_after_its_bytes) {
  served web([](server_options& options) {
    options.linger_time_max = 100ms;
    options.linger_bytes_max = 100000;
  });
  raw_client silent(web.port());
  silent.send("nonsense\r\n");
  EXPECT_EQ(silent.read().status, 400);
  EXPECT_TRUE(comes_true([&] { return web.web().open_connections() == 0; }));

  served patient([](server_options& options) {
    options.linger_time_max = 1h;
    options.linger_bytes_max = 100000;
  });
  raw_client busy(patient.port());
  busy.send("nonsense\r\n");
  EXPECT_EQ(busy.read().status, 400);
  EXPECT_EQ(patient.web().open_connections(), 1U);
  EXPECT_TRUE(comes_true([&] {
    busy.send(std::string(10000, 'x'));
    return patient.web().open_connections() == 0;
  }));
}

TEST(server_bounds, a_full_queue_answers_503_immediately) {
  for (const std::string lane : {"/io", "/cpu"}) {
    served web([](server_options& options) {
      options.io_threads = options.cpu_threads = 1;
      options.io_queue_max = options.cpu_queue_max = 2;
    });
    raw_client working(web.port());
    working.send(get(lane + "/gate"));
    web.application().await_at_gate(1);
    std::deque<raw_client> waiting;
    for (int i = 0; i < 5; ++i) waiting.emplace_back(web.port()).send(get(lane + "/x"));
    // Two wait, three are told immediately, whichever they are.
    std::vector<pollfd> watched;
    watched.reserve(waiting.size());
    for (const auto& each : waiting) watched.push_back({each.number(), POLLIN, 0});
    auto answered = [&] {
      ::poll(watched.data(), watched.size(), 0);
      return std::count_if(watched.begin(), watched.end(), [](const pollfd& each) { return each.revents != 0; });
    };
    EXPECT_TRUE(comes_true([&] { return answered() == 3; }));
    web.application().open_gate();
    EXPECT_EQ(working.read().status, 200);
    int turned_away = 0;
    for (auto& each : waiting) {
      const raw_answer answer = each.read();
      if (answer.status == 200) continue;
      EXPECT_EQ(answer.status, 503);
      EXPECT_TRUE(answer.has("Retry-After: 1"));
      ++turned_away;
    }
    EXPECT_EQ(turned_away, 3);
  }
}

TEST(server_bounds, a_request_that_waited_too_long_for_a_thread_is_not_begun) {
  served web([](server_options& options) {
    options.io_threads = 1;
    options.request_time_max = 1s;
  });
  raw_client working(web.port());
  working.send(get("/io/gate"));
  web.application().await_at_gate(1);
  raw_client waiting(web.port());
  waiting.send(get("/io/x"));
  EXPECT_TRUE(comes_true([&] { return waiting.is_read(); }));
  EXPECT_TRUE(waiting.silent_for(1500ms));
  web.application().open_gate();
  EXPECT_EQ(working.read().status, 200);
  EXPECT_EQ(waiting.read().status, 503);
}

TEST(server_bounds, one_connection_too_many_is_told_so) {
  served web([](server_options& options) { options.connections_max = 2; });
  raw_client first(web.port());
  raw_client second(web.port());
  for (raw_client* each : {&first, &second}) {
    each->send(get("/here"));
    EXPECT_EQ(each->read().status, 200);
  }
  raw_client third(web.port());
  EXPECT_EQ(third.read().status, 503);
  EXPECT_TRUE(third.ended());
  third.close();
  first.close();
  ASSERT_TRUE(comes_true([&] { return web.web().open_connections() == 1; }));
  raw_client fourth(web.port());
  fourth.send(get("/here"));
  EXPECT_EQ(fourth.read().status, 200);
}

TEST(server_bounds, thousands_of_connections_leave_nothing_behind) {
  served web;
  const std::size_t before = open_descriptors();
  for (int round = 0; round < 5; ++round) {
    std::deque<raw_client> clients;
    for (int i = 0; i < 400; ++i) {
      raw_client& client = clients.emplace_back(web.port());
      client.send(i % 4 == 0 ? "GET / HT" : get(i % 4 == 1 ? "/io/x" : "/here"));
    }
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (i % 4 == 0) continue;
      if (i % 8 == 3) {
        clients[i].reset();
      } else {
        EXPECT_EQ(clients[i].read().status, 200);
      }
    }
  }
  EXPECT_TRUE(comes_true([&] { return web.web().open_connections() == 0; }));
  EXPECT_EQ(open_descriptors(), before);
}

TEST(server_bounds, without_a_free_descriptor_clients_are_turned_away_and_the_server_goes_on) {
  served web;
  std::deque<raw_client> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(0);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  rlimit tight = old;
  tight.rlim_cur = open_descriptors() + 4;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  for (auto& client : clients) EXPECT_TRUE(client.connect(web.port()));
  int served_count = 0;
  for (auto& client : clients) {
    client.send(get("/here"));
    served_count += client.read().status == 200 ? 1 : 0;
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_GT(served_count, 0);
  EXPECT_LT(served_count, 20);
  raw_client client(web.port());
  client.send(get("/here"));
  EXPECT_EQ(client.read().status, 200);
}

TEST(server_bounds, without_even_the_spare_descriptor_clients_wait_and_nothing_spins) {
  served web;
  raw_client before(web.port());
  before.send(get("/here"));
  EXPECT_EQ(before.read().status, 200);
  raw_client client(0);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  rlimit none = old;
  none.rlim_cur = 3;  // those that are open stay so
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_TRUE(client.connect(web.port()));
  client.send(get("/here"));
  const std::clock_t used = std::clock();
  EXPECT_TRUE(client.silent_for(500ms));
  EXPECT_LT(std::clock() - used, CLOCKS_PER_SEC / 4) << "half of the time, and more by far, were a loop's that spins";
  before.send(get("/here"));
  EXPECT_EQ(before.read().status, 200);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_EQ(client.read().status, 200);
}

TEST(server_bounds, stopping_finishes_what_is_in_flight_and_closes_what_is_idle) {
  // One loop: when it has closed one connection, it has stopped for all.
  served web([](server_options& options) { options.loops = 1; });
  raw_client idle(web.port());
  idle.send(get("/here"));
  EXPECT_EQ(idle.read().status, 200);
  raw_client begun(web.port());
  begun.send("GET /here HTTP/1.1\r\n");
  raw_client working(web.port());
  working.send(get("/io/gate") + get("/never"));
  web.application().await_at_gate(1);
  // The half request must have been seen: until then that connection is an idle one. It came before the one that
  // stands at the gate, and one loop takes them as they come.
  ASSERT_TRUE(comes_true([&] { return web.web().open_connections() == 3; }));
  web.web().stop();
  EXPECT_TRUE(idle.ended());
  begun.send("Host: a\r\n\r\n");
  EXPECT_TRUE(begun.read().has("Connection: close"));
  EXPECT_TRUE(begun.ended());
  begun.close();
  EXPECT_FALSE(raw_client(0).connect(web.port())) << "still accepting";
  EXPECT_TRUE(working.silent_for(50ms));
  web.application().open_gate();
  const raw_answer last = working.read();
  EXPECT_EQ(last.body, "/io/gate");
  EXPECT_TRUE(last.has("Connection: close"));
  EXPECT_TRUE(working.ended());
  working.close();
  web.wait();
  EXPECT_EQ(web.web().open_connections(), 0U);
}

TEST(server_bounds, stopping_serves_who_had_connected_and_asked) {
  // Connect, ask and stop as close together as can be: the loop may not even have accepted.
  for (int i = 0; i < 20; ++i) {
    served one([](server_options& options) { options.loops = 1; });
    raw_client client(one.port());
    client.send(get("/here"));
    one.web().stop();
    EXPECT_EQ(client.read().status, 200);
  }
}

TEST(server_bounds, stopping_cuts_off_what_takes_too_long) {
  served web([](server_options& options) { options.drain_time_max = 50ms; });
  raw_client working(web.port());
  working.send(get("/io/gate"));
  web.application().await_at_gate(1);
  web.stop();
  EXPECT_TRUE(working.read_to_end().empty());
}

TEST(server_bounds, stopping_under_load_loses_no_answer) {
  served web;
  std::atomic<int> broken{0};
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  clients.reserve(8);
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, path = i % 2 == 0 ? "/here" : "/io/x"] {
      raw_client client(web.port());
      while (true) {
        client.send(get(path));
        const raw_answer answer = client.read();
        if (answer.status == 200) ++answered;
        // The server may close an idle connection while a request is on its way, but never within an answer.
        else if (!answer.head.empty())
          ++broken;
        if (answer.status == 0 || answer.has("Connection: close")) return;
      }
    });
  }
  ASSERT_TRUE(comes_true([&] { return answered > 500; }));
  web.stop();
  for (auto& each : clients) each.join();
  EXPECT_EQ(broken, 0);
}

TEST(server_bounds, an_address_that_cannot_be_had_is_one_sentence) {
  small_application application;
  served other;
  const std::string taken = "127.0.0.1:" + std::to_string(other.port());
  struct {
    std::string address;
    error_kind kind;
    std::string part;
  } const rows[] = {
      {taken, error_kind::unavailable, "Another program is listening on " + taken},
      {"192.0.2.1:0", error_kind::unavailable, "This machine has no address 192.0.2.1"},
      {"127.0.0.1", error_kind::invalid, "\"127.0.0.1\" is not an address"},
      {"127.0.0.1:http", error_kind::invalid, "is not an address"},
      {"127.0.0.1:65536", error_kind::invalid, "is not an address"},
      {":8080", error_kind::invalid, "is not an address"},
      {"::1:8080", error_kind::invalid, "is not an address"},
      {"", error_kind::invalid, "is not an address"},
      {"no-such-host.invalid:80", error_kind::invalid, "The host name \"no-such-host.invalid\" is not known"},
  };
  for (const auto& row : rows) {
    server_options options;
    options.listen = {"127.0.0.1:0", row.address};
    server web(application, options);
    const auto listening = web.listen();
    ASSERT_FALSE(listening) << row.address;
    EXPECT_EQ(listening.error().kind, row.kind) << row.address;
    EXPECT_THAT(listening.error().public_text, HasSubstr(row.part));
    EXPECT_EQ(web.port(), 0) << "nothing half-made";
  }
}

TEST(server_bounds, listens_on_several_addresses) {
  small_application application;
  server_options options;
  options.listen = {"127.0.0.1:0", "127.0.0.2:0"};
  options.loops = 2;
  server web(application, options);
  ASSERT_TRUE(web.listen());
  ASSERT_EQ(web.addresses().size(), 2U);
  EXPECT_THAT(web.addresses()[1], testing::StartsWith("127.0.0.2:"));
  EXPECT_NE(web.port(), 0);
  web.stop();
  web.run();
}

}  // namespace
}  // namespace spaces::net
