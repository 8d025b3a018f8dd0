#include "platform/base/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <sys/random.h>

#include <cerrno>
#include <stdexcept>

namespace spaces {

namespace {

/// Fetched once: OpenSSL 3 otherwise looks the algorithm up, under a lock, at each call. Never freed,
/// so that it outlives every thread.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (method == nullptr) throw std::runtime_error("OpenSSL has no SHA-256");
  return method;
}

constexpr char base64url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The six bits of each character; 64 for what is not in the alphabet.
constexpr std::array<std::uint8_t, 256> base64url_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(64);
  for (std::uint8_t value = 0; value < 64; ++value)
    values[static_cast<unsigned char>(base64url_alphabet[value])] = value;
  return values;
}();

}  // namespace

sha256_digest sha256(std::string_view data) {
  sha256_digest digest;
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, sha256_method(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL failed at SHA-256");
  }
  return digest;
}

sha256_digest hmac_sha256(std::string_view key, std::string_view data) {
  // A null key means "the key of the last call" to OpenSSL, and an empty view may be null.
  static constexpr char no_key[1] = {};
  const void* const key_bytes = key.empty() ? no_key : key.data();
  sha256_digest digest;
  unsigned size = 0;
  if (HMAC(sha256_method(), key_bytes, static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.data(), &size) == nullptr ||
      size != digest.size()) {
    throw std::runtime_error("OpenSSL failed at HMAC-SHA-256");
  }
  return digest;
}

hmac_sha256_key::hmac_sha256_key(std::string_view key) {
  static constexpr char no_key[1] = {};
  char method[] = "SHA256";
  const OSSL_PARAM how[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, method, 0),
                            OSSL_PARAM_construct_end()};
  EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
  keyed_ = EVP_MAC_CTX_new(hmac);
  EVP_MAC_free(hmac);  // the context holds it
  const auto* const bytes = reinterpret_cast<const unsigned char*>(key.empty() ? no_key : key.data());
  if (keyed_ == nullptr || EVP_MAC_init(keyed_, bytes, key.size(), how) != 1) {
    EVP_MAC_CTX_free(keyed_);
    throw std::runtime_error("OpenSSL has no HMAC-SHA-256");
  }
}

hmac_sha256_key::~hmac_sha256_key() { EVP_MAC_CTX_free(keyed_); }

sha256_digest hmac_sha256_key::digest(std::string_view data) const {
  sha256_digest digest;
  std::size_t size = 0;
  const std::lock_guard lock(mutex_);
  // Without a key: the one it has, from the start.
  if (EVP_MAC_init(keyed_, nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(keyed_, reinterpret_cast<const unsigned char*>(data.data()), data.size()) != 1 ||
      EVP_MAC_final(keyed_, digest.data(), &size, digest.size()) != 1 || size != digest.size())
    throw std::runtime_error("OpenSSL failed at HMAC-SHA-256");
  return digest;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void fill_random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw std::runtime_error("the kernel gives no random bytes");
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out(bytes.size() * 2, '\0');
  char* to = out.data();
  for (const std::uint8_t byte : bytes) {
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 0x0F];
  }
  return out;
}

std::string to_base64url(std::string_view bytes) {
  std::string out((bytes.size() * 4 + 2) / 3, '\0');
  char* to = out.data();
  const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(bytes[at])}; };
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const std::uint32_t bits = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
    for (const int shift : {18, 12, 6, 0}) *to++ = base64url_alphabet[bits >> shift & 63];
  }
  const std::size_t left = bytes.size() - at;
  if (left == 0) return out;
  const std::uint32_t bits = byte(at) << 16 | (left == 2 ? byte(at + 1) << 8 : 0);
  *to++ = base64url_alphabet[bits >> 18 & 63];
  *to++ = base64url_alphabet[bits >> 12 & 63];
  if (left == 2) *to = base64url_alphabet[bits >> 6 & 63];
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const std::uint8_t value = base64url_values[static_cast<unsigned char>(c)];
    if (value == 64) return std::nullopt;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xFF);
    }
  }
  if ((bits & ((1u << held) - 1)) != 0) return std::nullopt;
  return out;
}

}  // namespace spaces
