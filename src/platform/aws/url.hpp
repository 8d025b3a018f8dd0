/// The URLs that settings name endpoints by.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spaces::aws {

struct url {
  bool tls = false;
  std::string origin;     ///< "https://host:port"
  std::string authority;  ///< "host:port", as the Host field says it
  std::string host;       ///< an address of IPv6 in its brackets; letters in lower case
  std::string path;       ///< with the query, as written; may be empty
};

/// "http://" or "https://", a host, a port or not, a path or not; no user, no fragment.
std::optional<url> parse_url(std::string_view text);

/// Four decimal numbers up to 255, and nothing else that some resolver may take for an address.
bool is_ipv4(std::string_view host);

}  // namespace spaces::aws
