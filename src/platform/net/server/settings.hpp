/// Where a server listens, and with what.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/setting.hpp"
#include "platform/net/server/limits.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

struct server_settings {
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::size_t loops = 0;  ///< 0: one for each core
  bool allow_plain_http = false;
  std::size_t connections = limits::connections_max;  ///< open at one time
  std::size_t connections_per_address = 0;            ///< of them those of one client; 0: a twentieth of them
};

/// More than descriptors that a process is given.
inline constexpr std::size_t connections_most = 1'000'000;
/// So many clients are needed to take all connections, unless told otherwise.
inline constexpr std::size_t clients_least = 20;

/// More loops than cores only take turns; 64 is more than any machine this was tried on.
inline constexpr std::size_t loops_max = 64;

inline constexpr setting_row<server_settings> server_setting_rows[] = {
    // Hosts and ports are checked by the listener, which says what is wrong with them.
    {"SPACES_LISTEN", "--listen", "127.0.0.1:8080", "address:port, several with commas", "Where to serve", false,
     [](server_settings& into, std::string_view text) { return setting_value::read_list(into.listen, text, 1); }},
    {"SPACES_LOOPS", "--loops", "0", "0 to 64", "Event loops; 0 is one for each core", false,
     [](server_settings& into, std::string_view text) {
       return setting_value::read_number(into.loops, text, std::size_t{0}, loops_max);
     }},
    {"SPACES_CONNECTIONS", "--connections", "10000", "1 to 1000000", "Connections that are open at one time", false,
     [](server_settings& into, std::string_view text) {
       return setting_value::read_number(into.connections, text, std::size_t{1}, connections_most);
     }},
    {"SPACES_CONNECTIONS_PER_ADDRESS", "--connections-per-address", "0", "0, or 1 up to less than SPACES_CONNECTIONS",
     "Of them those of one client address (IPv6: of its /64); 0 is a twentieth. Not counted behind trusted proxies",
     false,
     [](server_settings& into, std::string_view text) {
       return setting_value::read_number(into.connections_per_address, text, std::size_t{0}, connections_most);
     }},
    {"SPACES_ALLOW_PLAIN_HTTP", "--allow-plain-http", "false", setting_value::booleans,
     "Production on a public address without TLS: a proxy in front has it", false,
     [](server_settings& into, std::string_view text) {
       return setting_value::read_flag(into.allow_plain_http, text);
     }},
};

/// What settings must be to each other.
inline result<void> validate(const server_settings& settings) {
  if (settings.connections_per_address < std::max<std::size_t>(settings.connections, 2)) return {};
  return malformed("SPACES_CONNECTIONS_PER_ADDRESS is " + std::to_string(settings.connections_per_address) +
                   ", which is not allowed: it takes less than SPACES_CONNECTIONS, which is " +
                   std::to_string(settings.connections) + ", so that one client cannot have them all.");
}

/// How many connections one client may have: all, where proxies in front have every client's.
inline std::size_t connections_of_each(const server_settings& settings, bool behind_proxies) {
  if (behind_proxies) return settings.connections;
  if (settings.connections_per_address > 0) return settings.connections_per_address;
  return std::max<std::size_t>(1, settings.connections / clients_least);
}

inline result<void> validate_for_production(const server_settings& settings) {
  const auto open = std::find_if_not(settings.listen.begin(), settings.listen.end(), [](std::string_view address) {
    return address.starts_with("127.") || address.starts_with("[::1]") || address.starts_with("localhost:");
  });
  if (open == settings.listen.end() || settings.allow_plain_http) return {};
  return malformed("ENVIRONMENT=production does not serve plain HTTP on " + *open +
                   ": listen on 127.0.0.1 behind a proxy that has TLS, or set SPACES_ALLOW_PLAIN_HTTP=true.");
}

}  // namespace spaces::net
