/// The sealed permission for one upload to the disk: what S3 keeps in a presigned URL.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/digest.hpp"
#include "platform/bucket/bucket.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::bucket {

class permission_seal {
 public:
  explicit permission_seal(std::string_view secret);

  /// base64url text; `rules` are valid.
  std::string seal(const upload_rules& rules, instant expires_at) const;
  /// The rules; empty when the token is not of this seal, or `now` is behind its end.
  std::optional<upload_rules> open(std::string_view token, instant now) const;

 private:
  hmac_sha256_key secret_;
};

}  // namespace spaces::bucket
