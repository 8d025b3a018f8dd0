#include "platform/net/server/listener.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace spaces::net {
namespace {

/// Clients that have connected and wait for us to accept; the kernel cuts it to net.core.somaxconn.
constexpr int backlog_max = 4096;

error sentence(error_kind kind, std::string text) {
  error failure;
  failure.kind = kind;
  failure.public_text = std::move(text);
  return failure;
}

error bind_failure(int number, const socket_address& where) {
  const std::string text = to_text(where);
  switch (number) {
    case EADDRINUSE: return sentence(error_kind::unavailable, "Another program is listening on " + text + " already.");
    case EACCES:
      return sentence(error_kind::forbidden,
                      "Not permitted to listen on " + text + "; ports below 1024 need more rights.");
    case EADDRNOTAVAIL:
      return sentence(error_kind::unavailable, "This machine has no address " + address_text(where) + ".");
    default:
      return sentence(error_kind::unavailable,
                      "Cannot listen on " + text + ": " + std::generic_category().message(number) + ".");
  }
}

void set(int socket, int level, int option) {
  const int on = 1;
  // Each only improves something; where one is unknown the server still works.
  static_cast<void>(::setsockopt(socket, level, option, &on, sizeof on));
}

result<descriptor> open_bound(socket_address& where, bool shared) {
  descriptor made(::socket(where.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) return bind_failure(errno, where);
  set(made.get(), SOL_SOCKET, SO_REUSEADDR);
  // Accepted sockets inherit it: answers are whole when they are sent, so waiting for more gains nothing.
  set(made.get(), IPPROTO_TCP, TCP_NODELAY);
  if (where.address.ss_family == AF_INET6) set(made.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  if (shared) set(made.get(), SOL_SOCKET, SO_REUSEPORT);
  if (::bind(made.get(), reinterpret_cast<const sockaddr*>(&where.address), where.size) != 0)
    return bind_failure(errno, where);
  if (!shared) set(made.get(), SOL_SOCKET, SO_REUSEPORT);
  return made;
}

}  // namespace

result<std::vector<descriptor>> listen_on(socket_address& where, std::size_t count) {
  std::vector<descriptor> sockets;
  for (std::size_t i = 0; i < count; ++i) {
    auto socket = open_bound(where, i > 0);
    if (!socket) return socket.error();
    if (i == 0) {
      socklen_t size = sizeof where.address;
      if (::getsockname(socket->get(), reinterpret_cast<sockaddr*>(&where.address), &size) != 0)
        return bind_failure(errno, where);
    }
    if (::listen(socket->get(), backlog_max) != 0) return bind_failure(errno, where);
    sockets.push_back(std::move(*socket));
  }
  return sockets;
}

}  // namespace spaces::net
