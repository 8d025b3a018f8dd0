#include "platform/identity/common_passwords.hpp"

#include "platform/base/digest.hpp"
#include "platform/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace spaces::identity {

namespace {

constexpr std::uint32_t common[] = {
#include "platform/identity/common_passwords.inc"
};

static_assert(std::is_sorted(std::begin(common), std::end(common)));

bool is_in_list(std::string_view text) {
  const sha256_digest digest = sha256(text);
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < sizeof number; ++at) number = number << 8 | digest[at];
  return std::binary_search(std::begin(common), std::end(common), number);
}

/// Bytes above ASCII belong to letters of other alphabets: they stay.
bool is_digit_or_symbol(char c) { return c >= ' ' && c <= '~' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'); }

}  // namespace

bool is_common_password(std::string_view password) {
  if (is_in_list(password)) return true;
  const std::string lower = lower_ascii(password);
  if (is_in_list(lower)) return true;
  std::string_view core = lower;
  while (!core.empty() && is_digit_or_symbol(core.front())) core.remove_prefix(1);
  while (!core.empty() && is_digit_or_symbol(core.back())) core.remove_suffix(1);
  return is_in_list(core);
}

}  // namespace spaces::identity
