#include "platform/base/sha256_stream.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace spaces {

sha256_stream::sha256_stream() : state_(EVP_MD_CTX_new()) {
  if (state_ == nullptr || EVP_DigestInit_ex(state_, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 cannot be made");
}

sha256_stream::~sha256_stream() { EVP_MD_CTX_free(state_); }

void sha256_stream::add(std::string_view data) {
  if (EVP_DigestUpdate(state_, data.data(), data.size()) != 1) throw std::runtime_error("SHA-256 cannot go on");
}

sha256_digest sha256_stream::digest() {
  sha256_digest made{};
  if (EVP_DigestFinal_ex(state_, made.data(), nullptr) != 1 || EVP_DigestInit_ex(state_, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 cannot be finished");
  return made;
}

}  // namespace spaces
