#include "platform/aws/url.hpp"

#include "platform/base/text.hpp"

#include <algorithm>
#include <charconv>

namespace spaces::aws {
namespace {

bool is_host_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_port(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0 && number < 65536;
}

}  // namespace

bool is_ipv4(std::string_view host) {
  int numbers = 0;
  while (true) {
    const std::size_t end = std::min(host.find('.'), host.size());
    const std::string_view part = host.substr(0, end);
    unsigned number = 256;
    const auto [read, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool whole = error == std::errc() && read == part.data() + part.size();
    if (!whole || number > 255 || (part.size() > 1 && part.front() == '0')) return false;
    ++numbers;
    if (end == host.size()) return numbers == 4;
    host.remove_prefix(end + 1);
  }
}

std::optional<url> parse_url(std::string_view text) {
  url made;
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string scheme = lower_ascii(text.substr(0, mark));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  made.tls = scheme == "https";
  const std::string_view behind = text.substr(mark + 3);
  const std::size_t slash = std::min(behind.find('/'), behind.size());
  made.authority = lower_ascii(behind.substr(0, slash));
  const std::string_view authority = made.authority;
  const bool bracketed = authority.starts_with('[');
  const std::size_t host_end = bracketed ? std::min(authority.find(']'), authority.size() - 1) + 1
                                         : std::min(authority.find(':'), authority.size());
  made.host = authority.substr(0, host_end);
  const std::string_view port = authority.substr(host_end);
  if (!port.empty() && (port.front() != ':' || !is_port(port.substr(1)))) return std::nullopt;
  if (made.host.empty()) return std::nullopt;
  const std::string_view name = bracketed ? std::string_view(made.host).substr(1, made.host.size() - 2) : made.host;
  const bool plain =
      std::all_of(name.begin(), name.end(), [&](char c) { return is_host_byte(c) || (bracketed && c == ':'); });
  if (!plain || name.empty() || (bracketed && !made.host.ends_with(']'))) return std::nullopt;
  made.path = behind.substr(slash);
  for (const char c : made.path)
    if (c <= ' ' || c == '#' || c == '\x7f') return std::nullopt;
  made.origin = scheme + "://" + made.authority;
  return made;
}

}  // namespace spaces::aws
