/// What a server is told; every bound has its default, and the reason for it, in limits.hpp.
#pragma once

#include "platform/base/limits.hpp"
#include "platform/net/request_parser.hpp"
#include "platform/net/server/limits.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace spaces::net {

struct server_options {
  /// "127.0.0.1:8080", "[::1]:8080", "localhost:8080"; port 0 takes any free one.
  std::vector<std::string> listen{"127.0.0.1:8080"};
  /// Event loops, each a thread; 0: `limits::cpu_threads_per_core` for each core.
  std::size_t loops = 0;

  std::size_t connections_max = limits::connections_max;
  /// As many as `connections_max`: no bound, for a server behind proxies, whose addresses all connections have.
  std::size_t connections_per_address_max = limits::connections_per_address_max;
  std::size_t io_threads = limits::io_threads;
  std::size_t io_queue_max = limits::io_queue_max;
  std::size_t cpu_threads = 0;  ///< 0: one for each core
  std::size_t cpu_queue_max = limits::cpu_queue_max;

  framing_limits framing{.announce_bodies = true};
  std::size_t incoming_bytes_max = limits::incoming_bytes_max;
  std::chrono::milliseconds header_time_max = limits::header_time_max;
  std::chrono::milliseconds body_time_max = limits::body_time_max;
  std::size_t body_bytes_per_second_min = limits::body_bytes_per_second_min;
  std::size_t piece_bytes = limits::piece_bytes;
  std::chrono::milliseconds pieces_time_max = limits::pieces_time_max;
  std::chrono::milliseconds pieces_pause_max = limits::pieces_pause_max;
  std::size_t pieces_bytes_per_second_min = limits::pieces_bytes_per_second_min;
  std::size_t refused_bytes_max = limits::refused_bytes_max;
  std::chrono::milliseconds refused_time_max = limits::refused_time_max;
  std::chrono::milliseconds idle_time_max = limits::idle_time_max;
  std::chrono::milliseconds send_time_max = limits::send_time_max;
  std::chrono::milliseconds send_pause_max = limits::send_pause_max;
  std::size_t send_bytes_per_second_min = limits::send_bytes_per_second_min;
  std::size_t outgoing_bytes_max = limits::outgoing_bytes_max;
  std::size_t kept_bytes_max = limits::kept_bytes_max;
  std::chrono::milliseconds request_time_max = limits::request_time_max;
  std::chrono::milliseconds drain_time_max = limits::drain_time_max;
  std::chrono::milliseconds linger_time_max = limits::linger_time_max;
  std::size_t linger_bytes_max = limits::linger_bytes_max;

  /// How exact all these times are: a deadline is met up to so much late.
  std::chrono::milliseconds tick{100};
};

}  // namespace spaces::net
