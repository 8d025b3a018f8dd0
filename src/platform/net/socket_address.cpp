#include "platform/net/socket_address.hpp"

#include "platform/net/request_syntax.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace spaces::net {
namespace {

error no_address(std::string sentence) {
  error failure;
  failure.kind = error_kind::invalid;
  failure.public_text = std::move(sentence);
  return failure;
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

address_block block_of(const socket_address& where) {
  constexpr std::size_t network_bytes = 8;
  address_block block{};
  if (where.address.ss_family == AF_INET6) {
    const in6_addr& address = reinterpret_cast<const sockaddr_in6&>(where.address).sin6_addr;
    std::copy_n(address.s6_addr, IN6_IS_ADDR_V4MAPPED(&address) ? block.size() : network_bytes, block.begin());
    return block;
  }
  // As the v4 address would come through a v6 socket.
  block[10] = block[11] = 0xff;
  std::memcpy(&block[12], &reinterpret_cast<const sockaddr_in&>(where.address).sin_addr, sizeof(in_addr));
  return block;
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
    return no_address("\"" + std::string(address) +
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
  if (found == nullptr) return no_address("The host name \"" + std::string(host) + "\" is not known.");
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

}  // namespace spaces::net
