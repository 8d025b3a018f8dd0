#include "identity/local/signing_keys.hpp"

#include "base/digest.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace spaces {

namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::size_t kid_bytes = 12;
/// Prefix of what is hashed into a secret's name, so that the name is of no use for anything else.
constexpr std::string_view kid_label = "spaces key id";
/// Smaller exponents have made forgeries possible wherever a padding check was loose; 1 signs nothing.
constexpr unsigned long rsa_exponent_min = 65537;

template <class T, void (*Free)(T*)>
struct freed_by {
  void operator()(T* object) const { Free(object); }
};
using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX, EVP_MD_CTX_free>>;
using big_number = std::unique_ptr<BIGNUM, freed_by<BIGNUM, BN_free>>;
using pkey = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY, EVP_PKEY_free>>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string name_of(const sha256_digest& digest) {
  return to_base64url({reinterpret_cast<const char*>(digest.data()), kid_bytes});
}

/// Says that there is no password, so that OpenSSL does not ask for one on the terminal.
int no_password(char*, int, int, void*) { return 0; }

/// Environment files hold a PEM text on one line, with `\n` for its line ends.
std::string with_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, 2) == "\\n") {
      out += '\n';
      ++at;
    } else {
      out += text[at];
    }
  }
  return out;
}

bool exponent_is_small(const EVP_PKEY* key) {
  BIGNUM* read = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &read) != 1) return true;
  const big_number exponent(read);
  const big_number smallest(BN_new());
  BN_set_word(smallest.get(), rsa_exponent_min);
  return BN_cmp(exponent.get(), smallest.get()) < 0;
}

/// A number of the key as JWK wants it: base64url of its bytes, the highest first (RFC 7518, 6.3.1).
std::string number_text(const EVP_PKEY* key, const char* which) {
  BIGNUM* read = nullptr;
  if (EVP_PKEY_get_bn_param(key, which, &read) != 1) throw std::runtime_error("OpenSSL cannot tell a key's numbers");
  const big_number number(read);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return to_base64url(bytes);
}

}  // namespace

std::string_view to_text(signature_algorithm algorithm) {
  return algorithm == signature_algorithm::rs256 ? "RS256" : "HS256";
}

void signing_key::free_key::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

signing_key::signing_key(rsa_key key, key_origin origin)
    : algorithm_(signature_algorithm::rs256), origin_(origin), rsa_(std::move(key)) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(rsa_.get(), &der);
  if (size <= 0) throw std::runtime_error("OpenSSL cannot write a public key");
  kid_ = name_of(sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}));
  OPENSSL_free(der);
}

signing_key::signing_key(std::string secret, key_origin origin)
    : algorithm_(signature_algorithm::hs256), origin_(origin), secret_(std::move(secret)) {
  kid_ = name_of(hmac_sha256(secret_, kid_label));
}

result<signing_key> signing_key::from_text(std::string_view text, key_origin origin) {
  if (text.size() > key_text_bytes_max) {
    return malformed("The signing key has more than " + std::to_string(key_text_bytes_max) + " bytes");
  }
  // A file's last line end is no part of a secret, and neither is what a shell leaves around it.
  while (!text.empty() && white_space.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (!text.empty() && white_space.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  if (text.find("-----BEGIN ") != std::string_view::npos) return from_pem(text, origin);
  if (text.size() < hmac_secret_bytes_min) {
    return malformed("The signing key is neither an RSA private key in PEM nor a secret of at least " +
                     std::to_string(hmac_secret_bytes_min) + " bytes (it has " + std::to_string(text.size()) + ")");
  }
  return signing_key(std::string(text), origin);
}

signing_key::rsa_key signing_key::parse_pem(const std::string& text) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                                     &BIO_free);
  rsa_key key(PEM_read_bio_PrivateKey(in.get(), nullptr, &no_password, nullptr));
  ERR_clear_error();
  return key;
}

result<signing_key> signing_key::from_pem(std::string_view text, key_origin origin) {
  if (text.find("ENCRYPTED") != std::string_view::npos) {
    return malformed("The signing key is encrypted; give it without a password");
  }
  rsa_key key = parse_pem(with_line_ends(text));
  if (!key) return malformed("The signing key is PEM, but no private key can be read from it");
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
    return malformed("The signing key is a private key, but not an RSA one");
  const int bits = EVP_PKEY_get_bits(key.get());
  if (bits < rsa_bits_min || bits > rsa_bits_max) {
    return malformed("The signing key is an RSA key of " + std::to_string(bits) + " bits; " +
                     std::to_string(rsa_bits_min) + " to " + std::to_string(rsa_bits_max) + " are allowed");
  }
  if (exponent_is_small(key.get())) return malformed("The signing key has a public exponent below 65537");
  signing_key made(std::move(key), origin);
  // A text can join the private half of one key to the public half of another.
  const std::string trial = made.sign("trial");
  if (trial.empty() || !made.verifies("trial", trial))
    return malformed("The signing key's private and public parts do not match");
  return made;
}

std::string signing_key::sign(std::string_view input) const {
  if (algorithm_ == signature_algorithm::hs256) {
    const sha256_digest digest = hmac_sha256(secret_, input);
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
  }
  const digest_context context(EVP_MD_CTX_new());
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(rsa_.get()));
  std::string signature(size, '\0');
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, rsa_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(input),
                     input.size()) != 1) {
    ERR_clear_error();
    return {};
  }
  signature.resize(size);
  return signature;
}

bool signing_key::verifies(std::string_view input, std::string_view signature) const {
  if (algorithm_ == signature_algorithm::hs256) {
    const sha256_digest digest = hmac_sha256(secret_, input);
    return same_secret({reinterpret_cast<const char*>(digest.data()), digest.size()}, signature);
  }
  const digest_context context(EVP_MD_CTX_new());
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, rsa_.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(input), input.size()) == 1;
  if (!good) ERR_clear_error();  // the queue of errors belongs to the thread, and TLS would find them there
  return good;
}

std::string generate_key_text() {
  std::array<std::uint8_t, hmac_secret_bytes_min> secret{};
  fill_random(secret);
  return to_base64url({reinterpret_cast<const char*>(secret.data()), secret.size()});
}

std::string generate_rsa_text() {
  const pkey made(EVP_RSA_gen(static_cast<unsigned>(rsa_bits_min)));
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  if (!made || PEM_write_bio_PrivateKey(out.get(), made.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot make an RSA key");
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string signing_key::public_jwk() const {
  if (algorithm_ != signature_algorithm::rs256) return {};
  return R"({"kty":"RSA","use":"sig","alg":"RS256","kid":")" + kid_ + R"(","n":")" +
         number_text(rsa_.get(), OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
         number_text(rsa_.get(), OSSL_PKEY_PARAM_RSA_E) + "\"}";
}

namespace {

auto with_name(const std::vector<shared_key>& keys, std::string_view kid) {
  return std::find_if(keys.begin(), keys.end(), [&](const shared_key& key) { return key->kid() == kid; });
}

}  // namespace

signing_keys::signing_keys(signing_key current) {
  keys_.push_back(std::make_shared<const signing_key>(std::move(current)));
}

signing_keys::signing_keys(std::vector<shared_key> all) : keys_(std::move(all)) { assert(!keys_.empty()); }

void signing_keys::also_accept(signing_key earlier) {
  const std::lock_guard lock(mutex_);
  if (with_name(keys_, earlier.kid()) == keys_.end())
    keys_.push_back(std::make_shared<const signing_key>(std::move(earlier)));
}

shared_key signing_keys::current() const {
  const std::lock_guard lock(mutex_);
  return keys_.front();
}

shared_key signing_keys::find(std::string_view kid) const {
  const std::lock_guard lock(mutex_);
  const auto found = with_name(keys_, kid);
  return found == keys_.end() ? nullptr : *found;
}

std::vector<shared_key> signing_keys::all() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

bool signing_keys::replace(std::vector<shared_key> all) {
  assert(!all.empty());
  const std::lock_guard lock(mutex_);
  const bool went = std::any_of(keys_.begin(), keys_.end(),
                                [&](const shared_key& key) { return with_name(all, key->kid()) == all.end(); });
  keys_ = std::move(all);
  return went;
}

}  // namespace spaces
