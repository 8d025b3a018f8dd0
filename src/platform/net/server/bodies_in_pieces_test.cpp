// Bodies that a row takes in pieces: what reaches it, when it is asked, and what becomes of what is broken.
#include "platform/net/server/server.hpp"

#include "wire/raw_client.hpp"
#include "wire/served.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace spaces::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t piece = 4096;

/// Small pieces, so that a body has many.
served in_small_pieces() {
  return served([](server_options& options) { options.piece_bytes = piece; });
}

std::string head(std::size_t bytes, std::string_view path = "/pieces", std::string_view more = "") {
  return std::string("PUT ").append(path).append(" HTTP/1.1\r\nHost: a\r\n").append(more).append("Content-Length: ") +
         std::to_string(bytes) + "\r\n\r\n";
}

std::string content(std::size_t bytes) { return small_application::pattern(0, bytes); }

bool none_open(const small_application::taken_bodies& all) { return all.open == 0; }

TEST(bodies_in_pieces, come_whole_and_in_order_whatever_their_size) {
  served web = in_small_pieces();
  raw_client client(web.port());
  for (const std::size_t bytes : {1UL, 100UL, piece - 1, piece, piece + 1, 20'000UL, 1'000'000UL}) {
    ASSERT_TRUE(client.send(head(bytes) + content(bytes)));
    const auto answer = client.read();
    EXPECT_EQ(answer.status, 200) << bytes;
    EXPECT_EQ(answer.body, std::to_string(bytes));
  }
  EXPECT_LE(web.application().bodies().piece_max, 16U * 1024) << "no more at a time than there is space for";
  EXPECT_EQ(web.application().bodies().discarded, 0);
}

TEST(bodies_in_pieces, come_whole_however_they_are_cut) {
  served web = in_small_pieces();
  const std::string all = head(300) + content(300);
  for (std::size_t cut = 1; cut < all.size(); cut += 7) {
    raw_client client(web.port());
    client.send(all.substr(0, cut));
    std::this_thread::yield();
    client.send(all.substr(cut));
    EXPECT_EQ(client.read().body, "300") << cut;
  }
}

TEST(bodies_in_pieces, have_other_requests_before_and_behind_them) {
  served web = in_small_pieces();
  raw_client client(web.port());
  client.send(get("/here") + head(9) + content(9) + get("/io/x") + head(30'000) + content(30'000) + get("/here"));
  EXPECT_EQ(client.read().body, "here");
  EXPECT_EQ(client.read().body, "9");
  EXPECT_EQ(client.read().body, "/io/x");
  EXPECT_EQ(client.read().body, "30000");
  EXPECT_EQ(client.read().body, "here");
}

TEST(bodies_in_pieces, may_be_larger_than_any_that_is_held) {
  served web([](server_options&) {});
  raw_client client(web.port());
  constexpr std::size_t bytes = 5'000'000;
  ASSERT_TRUE(client.send(head(bytes) + content(bytes)));
  EXPECT_EQ(client.read().body, std::to_string(bytes));
  raw_client other(web.port());
  other.send("PUT /io/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n");
  EXPECT_EQ(other.read().status, 413) << "those of other rows are held";
}

TEST(bodies_in_pieces, wait_for_100_until_their_row_takes_them) {
  served web = in_small_pieces();
  constexpr std::string_view expecting = "Expect: 100-continue\r\n";
  raw_client client(web.port());
  client.send(head(8, "/pieces", expecting));
  EXPECT_EQ(client.read().status, 100);
  EXPECT_EQ(web.application().bodies().open, 1) << "it was asked first";
  client.send(content(8));
  EXPECT_EQ(client.read().body, "8");
  client.send(head(8, "/pieces/no", expecting));
  EXPECT_EQ(client.read().status, 403) << "and not one byte is wanted";
  EXPECT_TRUE(client.ended());
}

TEST(bodies_in_pieces, that_are_refused_are_read_to_their_end_and_dropped) {
  served web = in_small_pieces();
  for (const char* path : {"/pieces/no", "/pieces/stop"}) {
    raw_client client(web.port());
    // More than is dropped of anything else.
    constexpr std::size_t bytes = 4'000'000;
    EXPECT_TRUE(client.send(head(bytes, path) + content(bytes))) << "the client sends all before it reads";
    const auto answer = client.read();
    EXPECT_EQ(answer.status, path == std::string_view("/pieces/no") ? 403 : 422);
    EXPECT_TRUE(answer.has("Connection: close"));
    client.end_sending();
    EXPECT_TRUE(client.ended());
  }
  raw_client whole(web.port());
  whole.send(head(8, "/pieces/no") + content(8) + get("/here"));
  EXPECT_EQ(whole.read().status, 403);
  EXPECT_EQ(whole.read().body, "here") << "what came whole ends no connection";
  EXPECT_EQ(web.application().bodies().bytes, 0U);
}

TEST(bodies_in_pieces, must_say_how_long_they_are) {
  served web = in_small_pieces();
  raw_client client(web.port());
  client.send("PUT /pieces HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  EXPECT_EQ(client.read().status, 411);
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(web.application().bodies().open, 0);
}

TEST(bodies_in_pieces, that_break_off_are_discarded) {
  served web = in_small_pieces();
  {
    raw_client half(web.port());
    half.send(head(10'000) + content(6'000));
    web.application().await_bodies([](const auto& all) { return all.bytes >= piece; });
    half.end_sending();
    EXPECT_EQ(half.read().status, 400);
  }
  web.application().await_bodies(none_open);
  raw_client gone(web.port());
  gone.send(head(10'000) + content(6'000));
  web.application().await_bodies([](const auto& all) { return all.open == 1; });
  gone.reset();
  web.application().await_bodies(none_open);
  EXPECT_EQ(web.application().bodies().discarded, 2);
}

TEST(bodies_in_pieces, whose_client_goes_while_a_piece_is_written_are_discarded) {
  served web = in_small_pieces();
  raw_client gone(web.port());
  gone.send(head(100'000, "/pieces/gate") + content(50'000));
  web.application().await_at_gate(1);
  gone.reset();
  web.application().open_gate();
  web.application().await_bodies([](const auto& all) { return all.open == 0 && all.discarded == 1; });
}

TEST(bodies_in_pieces, a_bug_of_the_row_costs_one_request) {
  served web = in_small_pieces();
  raw_client client(web.port());
  client.send(head(8, "/pieces/throw") + content(8));
  EXPECT_EQ(client.read().status, 500);
  web.application().await_bodies(none_open);
  raw_client next(web.port());
  next.send(get("/here"));
  EXPECT_EQ(next.read().status, 200);
}

TEST(bodies_in_pieces, that_come_too_slowly_get_408) {
  served web([](server_options& options) {
    options.piece_bytes = piece;
    options.pieces_pause_max = 50ms;
    options.pieces_time_max = 24h;
  });
  raw_client client(web.port());
  client.send(head(100'000) + content(10));
  EXPECT_EQ(client.read().status, 408);
  web.application().await_bodies(none_open);
}

TEST(bodies_in_pieces, have_an_end_however_steadily_they_come) {
  served web([](server_options& options) {
    options.pieces_time_max = 300ms;
    options.pieces_bytes_per_second_min = 0;
  });
  raw_client client(web.port());
  client.send(head(1'000'000));
  int sent = 0;
  for (; sent < 500 && client.silent_for(10ms); ++sent) client.send("x");
  EXPECT_LT(sent, 200);
  EXPECT_EQ(client.read().status, 408);
}

TEST(bodies_in_pieces, the_time_of_the_disk_is_not_the_clients) {
  served web([](server_options& options) {
    options.piece_bytes = piece;
    options.pieces_time_max = 400ms;
  });
  raw_client client(web.port());
  client.send(head(20'000, "/pieces/gate") + content(20'000));
  web.application().await_at_gate(1);
  EXPECT_TRUE(client.silent_for(800ms));
  web.application().open_gate();
  EXPECT_EQ(client.read().body, "20000");
}

TEST(bodies_in_pieces, hold_no_more_memory_than_there_is_for_all) {
  // The loops' own buffers, and space for two pieces.
  served web([](server_options& options) {
    options.loops = 1;
    options.piece_bytes = 100'000;
    options.incoming_bytes_max = 16'384 * 5 + 200'000;
  });
  std::vector<raw_client> clients;
  int refused = 0;
  for (int i = 0; i < 6; ++i) {
    clients.emplace_back(web.port());
    clients.back().send(head(1'000'000) + content(10));
  }
  for (raw_client& client : clients) {
    if (client.silent_for(100ms)) continue;
    EXPECT_EQ(client.read().status, 503);
    ++refused;
  }
  EXPECT_GE(refused, 3);
  EXPECT_LT(refused, 6);
}

TEST(bodies_in_pieces, of_many_clients_come_side_by_side) {
  served web = in_small_pieces();
  constexpr std::size_t bytes = 50'000;
  std::vector<raw_client> clients;
  for (int i = 0; i < 64; ++i) clients.emplace_back(web.port());
  for (raw_client& client : clients) client.send(head(bytes));
  const std::string all = content(bytes);
  for (std::size_t at = 0; at < bytes; at += 10'000)
    for (raw_client& client : clients) client.send(std::string_view(all).substr(at, 10'000));
  for (raw_client& client : clients) EXPECT_EQ(client.read().body, std::to_string(bytes));
}

TEST(bodies_in_pieces, are_finished_when_the_server_stops) {
  served web = in_small_pieces();
  raw_client client(web.port());
  client.send(head(20'000) + content(5'000));
  web.application().await_bodies([](const auto& all) { return all.open == 1; });
  web.web().stop();
  client.send(small_application::pattern(5'000, 15'000));
  EXPECT_EQ(client.read().body, "20000");
  EXPECT_TRUE(client.ended());
  web.wait();
}

}  // namespace
}  // namespace spaces::net
