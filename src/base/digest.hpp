/// SHA-256, HMAC, random bytes and their texts. By OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spaces {

using sha256_digest = std::array<std::uint8_t, 32>;

sha256_digest sha256(std::string_view data);
sha256_digest hmac_sha256(std::string_view key, std::string_view data);

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
