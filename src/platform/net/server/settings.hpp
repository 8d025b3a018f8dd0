/// Where a server listens, and with what.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/setting.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

struct server_settings {
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::size_t loops = 0;  ///< 0: one for each core
  bool allow_plain_http = false;
};

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
    {"SPACES_ALLOW_PLAIN_HTTP", "--allow-plain-http", "false", setting_value::booleans,
     "Production on a public address without TLS: a proxy in front has it", false,
     [](server_settings& into, std::string_view text) {
       return setting_value::read_flag(into.allow_plain_http, text);
     }},
};

inline result<void> validate_for_production(const server_settings& settings) {
  const auto open = std::find_if_not(settings.listen.begin(), settings.listen.end(), [](std::string_view address) {
    return address.starts_with("127.") || address.starts_with("[::1]") || address.starts_with("localhost:");
  });
  if (open == settings.listen.end() || settings.allow_plain_http) return {};
  return malformed("ENVIRONMENT=production does not serve plain HTTP on " + *open +
                   ": listen on 127.0.0.1 behind a proxy that has TLS, or set SPACES_ALLOW_PLAIN_HTTP=true.");
}

}  // namespace spaces::net
