/// SHA-256, HMAC, random bytes and their texts. By OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;  // OpenSSL's

namespace spaces {

using sha256_digest = std::array<std::uint8_t, 32>;

sha256_digest sha256(std::string_view data);
sha256_digest hmac_sha256(std::string_view key, std::string_view data);

/// The same for a key that is used again and again: to look the algorithm up and to hash the key costs
/// more than a short text. Thread-safe.
class hmac_sha256_key {
 public:
  explicit hmac_sha256_key(std::string_view key);
  ~hmac_sha256_key();
  hmac_sha256_key(const hmac_sha256_key&) = delete;
  hmac_sha256_key& operator=(const hmac_sha256_key&) = delete;

  sha256_digest digest(std::string_view data) const;

 private:
  mutable std::mutex mutex_;
  evp_mac_ctx_st* keyed_ = nullptr;
};

/// Compares without telling by its time where the first difference is.
bool same_secret(std::string_view a, std::string_view b);

/// From the kernel's generator. Throws std::runtime_error when it fails: nothing safe can go on.
void fill_random(std::span<std::uint8_t> out);

std::string to_hex(std::span<const std::uint8_t> bytes);

/// RFC 4648, section 5, without padding.
std::string to_base64url(std::string_view bytes);
/// Refuses padding, other alphabets and non-zero trailing bits: one text for each value.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace spaces
