#include "marketplace/accounts/email_address.hpp"

#include "platform/base/text.hpp"

#include <idn2.h>

#include <algorithm>
#include <memory>

namespace spaces::accounts {

namespace {

bool is_atom(char c) {
  const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alphanumeric || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// RFC 5322's dot-atom: atoms with single dots between them.
bool is_dot_atom(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos)
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || is_atom(c); });
}

bool is_label_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

/// A host name of DNS (RFC 1123) with a dot in it; the last label is no number, so that no IPv4 address is one.
bool is_host_name(std::string_view name) {
  const std::size_t last = name.rfind('.');
  if (last == std::string_view::npos || last + 1 == name.size()) return false;
  if (name[last + 1] >= '0' && name[last + 1] <= '9') return false;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::all_of(label.begin(), label.end(), is_label_letter)) return false;
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  return true;
}

/// The domain in lower case ASCII; libidn2 maps, checks and encodes.
std::optional<std::string> domain_of(std::string_view domain) {
  char* made = nullptr;
  const int failed = idn2_to_ascii_8z(std::string(domain).c_str(), &made, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const std::unique_ptr<char, decltype(&idn2_free)> owned(made, &idn2_free);
  if (failed != IDN2_OK) return std::nullopt;
  std::string ascii = lower_ascii(owned.get());
  if (!is_host_name(ascii)) return std::nullopt;
  return ascii;
}

}  // namespace

std::optional<std::string> canonical_email(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (address.size() > email_bytes_max || at == std::string_view::npos || at > email_local_bytes_max)
    return std::nullopt;
  if (address.find('\0') != std::string_view::npos || !is_dot_atom(address.substr(0, at))) return std::nullopt;
  const auto domain = domain_of(address.substr(at + 1));
  if (!domain || at + 1 + domain->size() > email_bytes_max) return std::nullopt;
  return lower_ascii(address.substr(0, at)) + '@' + *domain;
}

}  // namespace spaces::accounts
