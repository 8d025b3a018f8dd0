/// Which addresses are of the public Internet: what a stranger may have us call. All others are somebody's own: this
/// machine, its network, a cloud's metadata. IANA's registries of special-purpose addresses (RFC 6890):
/// https://www.iana.org/assignments/iana-ipv4-special-registry
/// https://www.iana.org/assignments/iana-ipv6-special-registry
#pragma once

#include "platform/net/socket_address.hpp"

namespace spaces::net {

/// Globally reachable unicast. An IPv4 address inside an IPv6 one (mapped, or behind a NAT64) is judged by itself.
bool is_public(const socket_address& where);

/// The same, at the port of http or https.
bool is_public_web(const socket_address& where);

}  // namespace spaces::net
