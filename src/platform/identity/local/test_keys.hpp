/// Keys for the tests of this room: RSA keys are made anew at each run, so that none lies in the repository.
#pragma once

#include "platform/identity/local/signing_keys.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace spaces::test {

using evp_key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

inline std::string text_of(BIO* out) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return text;
}

inline std::string private_pem(EVP_PKEY* key) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(out);
}

inline std::string public_pem(EVP_PKEY* key) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(out, key);
  return text_of(out);
}

inline evp_key make_rsa(unsigned bits) {
  evp_key key(EVP_RSA_gen(bits), &EVP_PKEY_free);
  if (!key) throw std::runtime_error("cannot make an RSA key");
  return key;
}

/// One RSA key of 3072 bits for the whole test program: making one takes a moment.
inline EVP_PKEY* shared_rsa() {
  static const evp_key key = make_rsa(3072);
  return key.get();
}

inline constexpr std::string_view secret_text = "a secret of the tests, longer than 32 bytes";

inline identity::signing_key rsa_signing_key() {
  return identity::signing_key::from_text(private_pem(shared_rsa())).value();
}
inline identity::signing_key hmac_signing_key(std::string_view text = secret_text) {
  return identity::signing_key::from_text(text).value();
}

}  // namespace spaces::test
