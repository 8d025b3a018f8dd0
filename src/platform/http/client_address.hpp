/// Whose request it is, by address.
#pragma once

#include "platform/http/message.hpp"

#include <cstddef>
#include <string>

namespace spaces::http {

/// More proxies in a row than any deployment has.
inline constexpr std::size_t trusted_proxies_max = 8;

/// The client's address: the peer's, or with `trusted_proxies` in front of us the one that the outermost of
/// them wrote into X-Forwarded-For, counted from the right; what stands further left anybody may have
/// written. Where the field has fewer entries, or no address at that place, nobody of ours wrote it: the peer's.
/// Without port and brackets; IPv4 in IPv6 as IPv4.
std::string client_address(const request& incoming, std::size_t trusted_proxies);

}  // namespace spaces::http
