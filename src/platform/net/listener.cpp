#include "platform/net/listener.hpp"

#include "platform/net/request_syntax.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

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

std::uint16_t socket_address::port() const {
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

void socket_address::set_port(std::uint16_t port) {
  (address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                 : reinterpret_cast<sockaddr_in&>(address).sin_port) = htons(port);
}

std::string address_text(const socket_address& where) {
  char text[INET6_ADDRSTRLEN] = "";
  if (where.address.ss_family == AF_INET6) {
    const in6_addr& address = reinterpret_cast<const sockaddr_in6&>(where.address).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&address))
      ::inet_ntop(AF_INET, &address.s6_addr[12], text, sizeof text);
    else
      ::inet_ntop(AF_INET6, &address, text, sizeof text);
  } else {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(where.address).sin_addr, text, sizeof text);
  }
  return text;
}

std::string to_text(const socket_address& where) {
  const std::string address = address_text(where);
  return (address.find(':') == std::string::npos ? address : "[" + address + "]") + ":" + std::to_string(where.port());
}

result<std::vector<socket_address>> resolve(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? std::string_view{} : address.substr(colon + 1);
  const auto number = parse_length(port);
  std::string_view host = address.substr(0, std::min(colon, address.size()));
  if (!is_host(host) || !number || *number > 65535)
    return sentence(error_kind::invalid,
                    "\"" + std::string(address) +
                        "\" is not an address to listen on; one looks like 127.0.0.1:8080 or [::1]:8080.");
  if (host.front() == '[') host = host.substr(1, host.size() - 2);

  addrinfo* found = nullptr;
  // Numbers need no look-up; of a name, first the addresses of families that this machine has.
  for (const int flag : {AI_NUMERICHOST, AI_ADDRCONFIG, 0}) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | flag;
    if (::getaddrinfo(std::string(host).c_str(), std::string(port).c_str(), &hints, &found) == 0) break;
    found = nullptr;
  }
  if (found == nullptr)
    return sentence(error_kind::invalid, "The host name \"" + std::string(host) + "\" is not known.");
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  std::vector<socket_address> addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    socket_address where;
    std::memcpy(&where.address, entry->ai_addr, entry->ai_addrlen);
    where.size = entry->ai_addrlen;
    addresses.push_back(where);
  }
  return addresses;
}

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
