/// SHA-256 of what comes piece by piece.
#pragma once

#include "platform/base/digest.hpp"

#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's

namespace spaces {

class sha256_stream {
 public:
  sha256_stream();
  ~sha256_stream();
  sha256_stream(const sha256_stream&) = delete;
  sha256_stream& operator=(const sha256_stream&) = delete;

  void add(std::string_view data);
  /// Of all that was added; then it begins anew.
  sha256_digest digest();

 private:
  evp_md_ctx_st* state_;
};

}  // namespace spaces
