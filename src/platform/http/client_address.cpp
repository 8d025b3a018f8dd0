#include "platform/http/client_address.hpp"

#include "platform/base/text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace spaces::http {

namespace {

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// "192.0.2.1:80", "[2001:db8::1]:80", "2001:db8::1": the address alone.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    return end == std::string_view::npos ? text : text.substr(1, end - 1);
  }
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos ? text.substr(0, colon)
                                                                                                : text;
}

/// The one spelling of an address; empty for anything else.
std::optional<std::string> normal(std::string_view text) {
  const std::string address(without_port(without_blanks(text)));
  std::array<char, INET6_ADDRSTRLEN> out{};
  in_addr four{};
  if (::inet_pton(AF_INET, address.c_str(), &four) == 1)
    return std::string(::inet_ntop(AF_INET, &four, out.data(), out.size()));
  in6_addr six{};
  if (::inet_pton(AF_INET6, address.c_str(), &six) != 1) return std::nullopt;
  if (IN6_IS_ADDR_V4MAPPED(&six)) return std::string(::inet_ntop(AF_INET, six.s6_addr + 12, out.data(), out.size()));
  return std::string(::inet_ntop(AF_INET6, &six, out.data(), out.size()));
}

/// The `n`-th entry (from 1) of all X-Forwarded-For lines, from the right.
std::optional<std::string> forwarded(const request& incoming, std::size_t n) {
  for (auto line = incoming.fields.rbegin(); line != incoming.fields.rend(); ++line) {
    if (!equal_ignoring_case(line->name, "X-Forwarded-For")) continue;
    std::string_view rest = line->value;
    while (true) {
      const std::size_t comma = rest.rfind(',');
      if (--n == 0) return normal(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
      if (comma == std::string_view::npos) break;
      rest = rest.substr(0, comma);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string client_address(const request& incoming, std::size_t trusted_proxies) {
  if (trusted_proxies > 0)
    if (auto address = forwarded(incoming, trusted_proxies)) return *std::move(address);
  return normal(incoming.peer).value_or(std::string(incoming.peer));
}

}  // namespace spaces::http
