#include "platform/identity/passwords.hpp"

#include "platform/base/digest.hpp"

#include <crypt.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

namespace spaces::identity {

namespace {

constexpr std::size_t salt_bytes = 16;
/// "$2b$12$", 22 characters of salt, 31 of hash.
constexpr std::size_t hash_bytes = 60;

/// 32 KiB of work area: too much for a stack, and zeroed once only.
crypt_data& work_area() {
  thread_local const auto area = std::make_unique<crypt_data>();
  return *area;
}

/// A setting of this cost whose salt is nobody's.
std::string nobodys_setting(int cost) { return fmt::format("$2b${:02}${}", cost, std::string(22, '.')); }

/// The cost of a bcrypt hash; empty for anything else.
std::optional<int> cost_of(std::string_view hash) {
  const bool known = hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$");
  if (!known || hash.size() != hash_bytes || hash[6] != '$') return std::nullopt;
  const auto digit = [&](std::size_t at) { return hash[at] - '0'; };
  if (digit(4) < 0 || digit(4) > 9 || digit(5) < 0 || digit(5) > 9) return std::nullopt;
  return digit(4) * 10 + digit(5);
}

}  // namespace

password_hashes::password_hashes(int cost, std::ptrdiff_t concurrent)
    : cost_(cost),
      cores_(concurrent > 0 ? concurrent
                            : static_cast<std::ptrdiff_t>(std::max(1U, std::thread::hardware_concurrency()))) {
  assert(cost >= bcrypt_cost_min && cost <= bcrypt_cost_max);
}

/// Empty when the setting is none that bcrypt knows.
std::string password_hashes::crypted(std::string_view password, const std::string& setting) const {
  crypt_data& area = work_area();
  const std::string text(password);  // with a NUL behind it
  cores_.acquire();
  const char* made = ::crypt_rn(text.c_str(), setting.c_str(), &area, sizeof area);
  cores_.release();
  return made ? made : std::string();
}

std::string password_hashes::make(std::string_view password) const {
  std::array<std::uint8_t, salt_bytes> salt{};
  fill_random(salt);
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (!::crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost_), reinterpret_cast<const char*>(salt.data()),
                          static_cast<int>(salt.size()), setting.data(), static_cast<int>(setting.size())))
    throw std::runtime_error("libcrypt makes no bcrypt salt");
  std::string made = crypted(password, setting.data());
  if (made.size() != hash_bytes) throw std::runtime_error("libcrypt makes no bcrypt hash");
  return made;
}

password_hashes::verdict password_hashes::check(std::string_view password, const std::string* hash) const {
  const bool possible = password.size() <= password_bytes_max && password.find('\0') == std::string_view::npos;
  const std::string_view tried = possible ? password : std::string_view();
  const std::optional<int> cost = hash ? cost_of(*hash) : std::nullopt;
  if (!cost) {
    static_cast<void>(crypted(tried, nobodys_setting(cost_)));
    return {};
  }
  const bool right = same_secret(crypted(tried, *hash), *hash) && possible;
  if (right) return {true, *cost < cost_};
  // 2^c and 2^c + 2^(c+1) + … + 2^(C-1) are 2^C: a cheaper hash must not tell that there is one.
  for (int left = std::max(*cost, bcrypt_cost_min); left < cost_; ++left)
    static_cast<void>(crypted(tried, nobodys_setting(left)));
  return {};
}

}  // namespace spaces::identity
