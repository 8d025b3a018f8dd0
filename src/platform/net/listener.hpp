/// Addresses to listen on, and the sockets that do.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/base/error.hpp"

#include <sys/socket.h>

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
/// "127.0.0.1:8080", "[::1]:8080".
std::string to_text(const socket_address& where);

/// Reads "host:port"; a name may stand for several addresses. `invalid` says what is wrong in one
/// sentence.
result<std::vector<socket_address>> resolve(std::string_view address);

/// `count` sockets that listen on one address together, the kernel sharing the clients out among them
/// (SO_REUSEPORT). The first is bound without that option: so a port that another program uses, ours
/// in a second copy included, is an error and never shared. Port 0 is replaced by the one taken.
/// `unavailable` or `forbidden` say why not in one sentence.
result<std::vector<descriptor>> listen_on(socket_address& where, std::size_t count);

}  // namespace spaces::net
