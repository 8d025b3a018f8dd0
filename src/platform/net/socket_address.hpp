/// Where a socket is, here or elsewhere: an address and a port.
#pragma once

#include "platform/base/error.hpp"

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

struct socket_address {
  sockaddr_storage address{};
  socklen_t size = 0;

  std::uint16_t port() const;
  void set_port(std::uint16_t port);
};

/// "127.0.0.1", "::1"; a v4 address that came through a v6 socket in its v4 form.
std::string address_text(const socket_address& where);
/// What one client has at its disposal: an IPv4 address, or the /64 of an IPv6 one, which is the least that a site is
/// given (RFC 6177).
using address_block = std::array<std::uint8_t, 16>;
address_block block_of(const socket_address& where);
/// "127.0.0.1:8080", "[::1]:8080".
std::string to_text(const socket_address& where);

/// Reads "host:port"; a name may stand for several addresses. `invalid` says what is wrong in one
/// sentence.
result<std::vector<socket_address>> resolve(std::string_view address);

}  // namespace spaces::net
