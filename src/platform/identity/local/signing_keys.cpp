#include "platform/identity/local/signing_keys.hpp"

#include "platform/base/digest.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace spaces::identity {

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

/// Null where the key does not have it.
big_number number_of(const EVP_PKEY* key, const char* which) {
  BIGNUM* read = nullptr;
  if (EVP_PKEY_get_bn_param(key, which, &read) != 1) ERR_clear_error();
  return big_number(read);
}

bool exponent_is_small(const EVP_PKEY* key) {
  const big_number exponent = number_of(key, OSSL_PKEY_PARAM_RSA_E);
  if (!exponent) return true;
  const big_number smallest(BN_new());
  BN_set_word(smallest.get(), rsa_exponent_min);
  return BN_cmp(exponent.get(), smallest.get()) < 0;
}

/// A number's bytes, the highest first.
std::string number_bytes(const EVP_PKEY* key, const char* which) {
  const big_number number = number_of(key, which);
  if (!number) throw std::runtime_error("OpenSSL cannot tell a key's numbers");
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
  BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

/// One element of DER (ITU-T X.690, 8.1 and 10.1) of up to 65,535 bytes.
std::string der(char tag, std::string_view content) {
  const auto byte = [](std::size_t value) { return static_cast<char>(value & 0xFF); };
  std::string out(1, tag);
  if (content.size() >= 0x100)
    out += {'\x82', byte(content.size() >> 8)};
  else if (content.size() >= 0x80)
    out += '\x81';
  out += byte(content.size());
  return out.append(content);
}

std::string der_number(std::string bytes) {
  if ((static_cast<unsigned char>(bytes.front()) & 0x80) != 0) bytes.insert(bytes.begin(), '\0');  // or it is negative
  return der('\x02', bytes);
}

/// SubjectPublicKeyInfo of an RSA key (RFC 3279, 2.3.1). OpenSSL's own writer searches all that it knows for the way
/// to write it, which takes a sixth of a function's start.
std::string public_der(const EVP_PKEY* key) {
  static constexpr std::string_view rsa_encryption{"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15};
  const std::string numbers =
      der_number(number_bytes(key, OSSL_PKEY_PARAM_RSA_N)) + der_number(number_bytes(key, OSSL_PKEY_PARAM_RSA_E));
  const std::string bits = der('\x03', '\0' + der('\x30', numbers));
  return der('\x30', std::string(rsa_encryption) + bits);
}

/// Whether a * b is 1 more than a multiple of `modulus`, or of `modulus` - 1.
bool inverse(const BIGNUM* a, const BIGNUM* b, const BIGNUM* modulus, bool less_one, BN_CTX* room) {
  const big_number wheel(BN_dup(modulus));
  if (less_one) BN_sub_word(wheel.get(), 1);
  const big_number product(BN_new());
  return BN_mod_mul(product.get(), a, b, wheel.get(), room) == 1 && BN_is_one(product.get());
}

/// Whether the private numbers are those of the public ones (RFC 8017, 3.2). A text can join the private half of
/// one key to the public half of another. To sign and verify something would tell, too, and takes 2 ms of a start.
bool halves_match(const EVP_PKEY* key) {
  const big_number n = number_of(key, OSSL_PKEY_PARAM_RSA_N), e = number_of(key, OSSL_PKEY_PARAM_RSA_E),
                   d = number_of(key, OSSL_PKEY_PARAM_RSA_D), p = number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR1),
                   q = number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR2), d_p = number_of(key, OSSL_PKEY_PARAM_RSA_EXPONENT1),
                   d_q = number_of(key, OSSL_PKEY_PARAM_RSA_EXPONENT2),
                   q_inverse = number_of(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  if (!n || !e || !d || !p || !q || !d_p || !d_q || !q_inverse) return false;
  const std::unique_ptr<BN_CTX, freed_by<BN_CTX, BN_CTX_free>> room(BN_CTX_new());
  const big_number product(BN_new());
  const bool well = BN_mul(product.get(), p.get(), q.get(), room.get()) == 1 && BN_cmp(product.get(), n.get()) == 0 &&
                    inverse(e.get(), d.get(), p.get(), true, room.get()) &&
                    inverse(e.get(), d.get(), q.get(), true, room.get()) &&
                    inverse(e.get(), d_p.get(), p.get(), true, room.get()) &&
                    inverse(e.get(), d_q.get(), q.get(), true, room.get()) &&
                    inverse(q.get(), q_inverse.get(), p.get(), false, room.get());
  ERR_clear_error();
  return well;
}

}  // namespace

std::string_view to_text(signature_algorithm algorithm) {
  return algorithm == signature_algorithm::rs256 ? "RS256" : "HS256";
}

void signing_key::free_key::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

signing_key::signing_key(rsa_key key, key_origin origin)
    : algorithm_(signature_algorithm::rs256), origin_(origin), rsa_(std::move(key)) {
  kid_ = name_of(sha256(public_der(rsa_.get())));
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
  if (!halves_match(key.get())) return malformed("The signing key's private and public parts do not match");
  return signing_key(std::move(key), origin);
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
         to_base64url(number_bytes(rsa_.get(), OSSL_PKEY_PARAM_RSA_N)) + R"(","e":")" +
         to_base64url(number_bytes(rsa_.get(), OSSL_PKEY_PARAM_RSA_E)) + "\"}";
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

}  // namespace spaces::identity
