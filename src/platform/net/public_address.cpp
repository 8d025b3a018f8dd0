#include "platform/net/public_address.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace spaces::net {

namespace {

struct v4_block {
  std::uint32_t address;
  int bits;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr v4_block not_public[] = {
    {v4(0, 0, 0, 0), 8},        // "this network"
    {v4(10, 0, 0, 0), 8},       // private
    {v4(100, 64, 0, 0), 10},    // a carrier's own
    {v4(127, 0, 0, 0), 8},      // this machine
    {v4(169, 254, 0, 0), 16},   // this link, and clouds' metadata
    {v4(172, 16, 0, 0), 12},    // private
    {v4(192, 0, 0, 0), 24},     // protocols
    {v4(192, 0, 2, 0), 24},     // documentation
    {v4(192, 88, 99, 0), 24},   // 6to4's relays
    {v4(192, 168, 0, 0), 16},   // private
    {v4(198, 18, 0, 0), 15},    // benchmarks
    {v4(198, 51, 100, 0), 24},  // documentation
    {v4(203, 0, 113, 0), 24},   // documentation
    {v4(224, 0, 0, 0), 3},      // multicast, reserved, broadcast
};

bool is_public_v4(std::uint32_t address) {
  return std::ranges::none_of(
      not_public, [&](const v4_block& block) { return (address ^ block.address) >> (32 - block.bits) == 0; });
}

using v6_bytes = std::array<std::uint8_t, 16>;

bool begins(const v6_bytes& address, std::initializer_list<std::uint8_t> bytes) {
  return std::equal(bytes.begin(), bytes.end(), address.begin());
}

std::uint32_t last_v4(const v6_bytes& address) { return v4(address[12], address[13], address[14], address[15]); }

bool is_public_v6(const v6_bytes& address) {
  if (begins(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return is_public_v4(last_v4(address));
  if (begins(address, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public_v4(last_v4(address));
  if (address[0] >> 5 != 1) return false;                             // 2000::/3 is what is given out
  if (begins(address, {0x20, 0x01}) && address[2] < 2) return false;  // protocols, Teredo among them
  if (begins(address, {0x20, 0x01, 0x0D, 0xB8})) return false;        // documentation
  if (begins(address, {0x20, 0x02})) return false;                    // 6to4: an IPv4 address inside
  return !(begins(address, {0x3F, 0xFF}) && address[2] >> 4 == 0);    // documentation
}

}  // namespace

bool is_public(const socket_address& where) {
  if (where.address.ss_family == AF_INET) {
    sockaddr_in v4_form{};
    std::memcpy(&v4_form, &where.address, sizeof v4_form);
    return is_public_v4(ntohl(v4_form.sin_addr.s_addr));
  }
  if (where.address.ss_family != AF_INET6) return false;
  sockaddr_in6 v6_form{};
  std::memcpy(&v6_form, &where.address, sizeof v6_form);
  v6_bytes bytes{};
  std::memcpy(bytes.data(), &v6_form.sin6_addr, bytes.size());
  return is_public_v6(bytes);
}

bool is_public_web(const socket_address& where) {
  return is_public(where) && (where.port() == 80 || where.port() == 443);
}

}  // namespace spaces::net
