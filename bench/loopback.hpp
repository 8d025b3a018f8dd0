/// A socket that listens at a free port of 127.0.0.1, for programs that the benchmarks start.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>

namespace bench {

struct loopback_listener {
  int socket = -1;
  std::string address;  ///< 127.0.0.1:PORT
};

inline loopback_listener listen_anywhere(int backlog) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&where), size) != 0 || ::listen(socket, backlog) != 0 ||
      ::getsockname(socket, reinterpret_cast<sockaddr*>(&where), &size) != 0)
    throw std::runtime_error("cannot listen");
  return {socket, "127.0.0.1:" + std::to_string(ntohs(where.sin_port))};
}

}  // namespace bench
