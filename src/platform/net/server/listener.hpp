/// The sockets that a server listens on.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/base/error.hpp"
#include "platform/net/socket_address.hpp"

#include <cstddef>
#include <vector>

namespace spaces::net {

/// `count` sockets that listen on one address together, the kernel sharing the clients out among them
/// (SO_REUSEPORT). The first is bound without that option: so a port that another program uses, ours
/// in a second copy included, is an error and never shared. Port 0 is replaced by the one taken.
/// `unavailable` or `forbidden` say why not in one sentence.
result<std::vector<descriptor>> listen_on(socket_address& where, std::size_t count);

}  // namespace spaces::net
