/// The keys that sign and verify our tokens: RSASSA-PKCS1-v1_5 with SHA-256 ("RS256") or HMAC-SHA-256
/// ("HS256"), RFC 7518, sections 3.3 and 3.2. By OpenSSL.
#pragma once

#include "platform/base/error.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace spaces::identity {

/// NIST SP 800-57 part 1: 3072 bits are worth the 128 of everything else here.
inline constexpr int rsa_bits_min = 3072;
/// A verification costs four times as much for twice the bits, and anyone may ask for one.
inline constexpr int rsa_bits_max = 8192;
/// RFC 7518, 3.2: a secret is at least as long as the hash.
inline constexpr std::size_t hmac_secret_bytes_min = 32;
/// A key's text; an RSA key of 8192 bits has 6,400 bytes in PEM.
inline constexpr std::size_t key_text_bytes_max = 16 * 1024;

enum class signature_algorithm { rs256, hs256 };
/// As a JWS header names it: "RS256", "HS256".
std::string_view to_text(signature_algorithm algorithm);

/// Whether a person gave us the key, or we made it ourselves because nobody did. Production wants the former.
enum class key_origin { given, generated };

/// One key. It has one algorithm for good: whatever a token's header says, an RSA key never verifies an
/// HMAC. Thread-safe.
class signing_key {
 public:
  /// An RSA private key in PEM (PKCS #1 or #8, unencrypted, `rsa_bits_min` to `rsa_bits_max`, public
  /// exponent at least 65537; line ends may be written as `\n`, as environment files need), or else an
  /// HMAC secret of `hmac_secret_bytes_min` or more. White space around the text is dropped. Errors are
  /// `malformed`; their public text is a sentence for the operator and holds nothing of the key.
  static result<signing_key> from_text(std::string_view text, key_origin origin = key_origin::given);

  signature_algorithm algorithm() const { return algorithm_; }
  key_origin origin() const { return origin_; }

  /// Names the key in a token's header: 16 characters of base64url, from a SHA-256 of the public key
  /// (SubjectPublicKeyInfo), or a keyed one of the secret. The same key has the same name everywhere.
  const std::string& kid() const { return kid_; }

  /// The public half as a JSON Web Key (RFC 7517); empty for an HMAC secret, which has none.
  std::string public_jwk() const;

  /// The signature's bytes. The same input always gives the same ones (both algorithms are deterministic).
  std::string sign(std::string_view input) const;
  bool verifies(std::string_view input, std::string_view signature) const;

 private:
  struct free_key {
    void operator()(evp_pkey_st* key) const;
  };
  using rsa_key = std::unique_ptr<evp_pkey_st, free_key>;

  signing_key(rsa_key key, key_origin origin);
  signing_key(std::string secret, key_origin origin);
  static result<signing_key> from_pem(std::string_view text, key_origin origin);
  static rsa_key parse_pem(const std::string& text);

  signature_algorithm algorithm_;
  key_origin origin_;
  rsa_key rsa_;         // of RS256
  std::string secret_;  // of HS256
  std::string kid_;
};

/// The text of a new HS256 key: 32 random bytes in base64url, one line. Fit for `signing_key::from_text`
/// and for JWT_SECRET_KEY.
std::string generate_key_text();
/// The PEM text of a new RSA key of `rsa_bits_min`. Takes up to a second.
std::string generate_rsa_text();

using shared_key = std::shared_ptr<const signing_key>;

/// All keys of a deployment: one signs, each verifies what it signed, so that keys can change while
/// tokens are about. Thread-safe: a key that somebody holds stays whole when it goes from here.
class signing_keys {
 public:
  explicit signing_keys(signing_key current);
  /// The first signs. At least one.
  explicit signing_keys(std::vector<shared_key> all);
  /// Before anybody else knows of it.
  signing_keys(signing_keys&& other) noexcept : keys_(std::move(other.keys_)) {}

  /// Tokens of this key are accepted, and none are made. A key that is there already changes nothing.
  void also_accept(signing_key earlier);

  shared_key current() const;
  /// Null when no key has this name.
  shared_key find(std::string_view kid) const;
  /// The one that signs first.
  std::vector<shared_key> all() const;

  /// These instead, at least one. True when a key went.
  bool replace(std::vector<shared_key> all);

 private:
  mutable std::mutex mutex_;
  std::vector<shared_key> keys_;  // never empty
};

}  // namespace spaces::identity
