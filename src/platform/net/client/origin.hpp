/// A server as requests name it, and its addresses.
#pragma once

#include "platform/net/socket_address.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

struct origin {
  bool tls = false;
  std::string authority;  ///< as written: what Host says
  std::string host;       ///< a name, or an address without brackets
  std::string address;    ///< "host:port", an address of IPv6 in brackets
};

/// "http://…" or "https://…", a host, a port or not, nothing behind.
std::optional<origin> parse_origin(std::string_view text);

/// The addresses of one name. The system's resolver knows no deadline, so it is called on a thread of its
/// own; one question at a time, others who need the answer wait for the same. Thread-safe.
class name_lookup {
 public:
  explicit name_lookup(std::string address);

  /// Empty when there is no answer by the deadline; `why` says what went wrong.
  std::vector<socket_address> find(std::chrono::steady_clock::time_point deadline, std::string& why);

 private:
  struct state;
  static void look_up(const std::shared_ptr<state>& shared) noexcept;
  /// Shared with the thread that looks up, which may outlive us.
  std::shared_ptr<state> state_;
};

}  // namespace spaces::net
