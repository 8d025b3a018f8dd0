/// A client for servers that strangers name: pictures of imports.
#pragma once

#include "platform/base/error.hpp"
#include "platform/http/client.hpp"

#include <memory>

namespace spaces::app {

/// Calls public addresses alone, at the ports of http and https, and takes as much as a picture may have. Trusts the
/// certificates that this machine trusts: those of SSL_CERT_FILE, or of Debian's ca-certificates.
result<std::unique_ptr<http::client>> make_strangers_client();

}  // namespace spaces::app
