#include "platform/telemetry/security_log.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <vector>

namespace spaces::telemetry {

namespace {

constexpr std::size_t logged_bytes_v4 = 3;
constexpr std::size_t logged_bytes_v6 = 6;

/// The first bytes of an address of a family, as a network; empty when the text is none.
std::string network_of(const std::string& address, int address_family, std::size_t kept) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (::inet_pton(address_family, address.c_str(), bytes.data()) != 1) return {};
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(kept), bytes.end(), static_cast<unsigned char>(0));
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(address_family, bytes.data(), text.data(), text.size());
  return std::string(text.data()) + '/' + std::to_string(kept * 8);
}

}  // namespace

std::string logged_address(std::string_view address, address_policy policy) {
  if (policy == address_policy::none) return {};
  const std::string text(address);
  std::string network = network_of(text, AF_INET, logged_bytes_v4);
  if (network.empty()) network = network_of(text, AF_INET6, logged_bytes_v6);
  return policy == address_policy::full && !network.empty() ? text : network;
}

void security_log::write(const security_event& event) const {
  std::vector<std::pair<std::string_view, std::string_view>> details{{"category", "security"}};
  const auto append = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) details.emplace_back(name, text);
  };
  const std::string account = event.account ? to_text(*event.account) : "";
  const std::string session = event.session ? to_text(*event.session) : "";
  const std::string instance = event.instance ? "urn:uuid:" + to_text(*event.instance) : "";
  const std::string address = logged_address(event.address, addresses_);
  append("account", account);
  append("session", session);
  append("address", address);
  append("instance", instance);
  append("why", event.why);
  to_.write(event.how, event.name, details);
}

}  // namespace spaces::telemetry
