/// What a client of other people's servers is told, and the bounds that it keeps.
#pragma once

#include "platform/net/request_parser.hpp"
#include "platform/net/socket_address.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace spaces::net {

/// Open connections to one origin; who needs one more waits for it. At DynamoDB's 3 to 5 ms a request, 64
/// carry more than ten thousand a second, and no fault makes us begin hundreds of handshakes together.
inline constexpr std::size_t client_connections_max = 64;
/// Looking up the name, connecting and the TLS handshake: one lost SYN is sent again after a second.
inline constexpr std::chrono::milliseconds client_connect_time_max{2500};
/// So long without a byte either way, an exchange is given up. Longer than any honest answer takes to begin.
inline constexpr std::chrono::milliseconds client_silence_time_max{5000};
/// A kept connection is not used again after so long. Servers close theirs after 20 s and more, routers
/// forget theirs after minutes, and a process that was frozen meanwhile has missed hearing of it: the age is
/// by the machine's clock, which is set when it wakes, as the monotonic one is not.
inline constexpr std::chrono::seconds client_idle_time_max{20};
/// An answer's body. DynamoDB's longest, 16 MB of items, as JSON with base64.
inline constexpr std::size_t client_body_bytes_max = 32 * 1024 * 1024;

struct client_options {
  /// A PEM file of the certificates that are trusted; empty: Amazon's roots, which are in the binary.
  std::string roots_file;
  /// Whether an address may be connected to (net/public_address.hpp); null: any. Looked at when the name is resolved,
  /// and no other address is connected to than those that were.
  bool (*may_connect)(const socket_address& where) = nullptr;

  std::size_t connections_max = client_connections_max;
  std::chrono::milliseconds connect_time_max = client_connect_time_max;
  std::chrono::milliseconds silence_time_max = client_silence_time_max;
  std::chrono::milliseconds idle_time_max = client_idle_time_max;
  /// Of header section and body; the other members are for requests.
  framing_limits framing{.body_bytes = client_body_bytes_max};
};

}  // namespace spaces::net
