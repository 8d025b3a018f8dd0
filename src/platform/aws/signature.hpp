/// AWS Signature Version 4: proves who sends a request, by fields or in the query of a link.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include "platform/aws/credentials.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/digest.hpp"
#include "platform/http/message.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::aws {

/// In place of a body's hash where the body is not part of what is signed.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

/// What a service asks for beyond the common form.
struct signing_rules {
  bool normalize_path = true;      ///< dot segments and doubled slashes taken out; S3: false
  bool encode_path_again = true;   ///< the path's own escapes are escaped; S3: false
  bool body_hash_field = false;    ///< the body's hash is sent, too; S3: true
  bool sign_session_token = true;  ///< false: the token is sent outside of what is signed
};

struct signable {
  http::method verb = http::method::post;
  std::string_view target = "/";
  std::span<const http::field_line> fields;  ///< all are signed; Host among them
  std::string_view body;
  std::string_view body_hash;  ///< in place of the body's own: "UNSIGNED-PAYLOAD"
};

/// S3's.
inline constexpr signing_rules s3_signing{.normalize_path = false, .encode_path_again = false, .body_hash_field = true};

/// The texts on the way to a signature.
struct signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signed_names;  ///< "content-type;host;x-amz-date"
  std::string scope;         ///< "20150830/us-east-1/service/aws4_request"
  std::string hex;
};

/// "20150830T123600Z".
std::string amazon_time(instant when);

/// Signs for one region and service. The key, derived by four hashes, is kept for the day. Thread-safe.
class signer {
 public:
  signer(std::string region, std::string service, signing_rules rules = {});

  using fields = std::vector<std::pair<std::string, std::string>>;

  /// The fields to send beside those signed: X-Amz-Security-Token and x-amz-content-sha256 where
  /// they apply, X-Amz-Date, Authorization. `shown` gets the texts on the way.
  fields sign(const signable& request, const credentials& who, instant now, signature* shown = nullptr) const;

  /// The target with its signature in the query; good for `lifetime` from `now`.
  std::string presign(const signable& request, const credentials& who, instant now, std::chrono::seconds lifetime,
                      signature* shown = nullptr) const;

  /// The signature of a text by itself (a POST policy of S3), as of `time` (`amazon_time`), in hex.
  std::string sign_text(std::string_view text, const credentials& who, const std::string& time) const;
  /// "20150830/us-east-1/s3/aws4_request"
  std::string scope(const std::string& time) const;

 private:
  signature finish(const signable& request, const credentials& who, const std::string& time,
                   std::span<const http::field_line> signed_fields, std::string_view query,
                   std::string_view body_hash) const;
  std::shared_ptr<const hmac_sha256_key> key(const std::string& secret, std::string_view day) const;

  const std::string region_;
  const std::string service_;
  const signing_rules rules_;
  mutable std::mutex mutex_;
  mutable std::string key_secret_;
  mutable std::string key_day_;
  mutable std::shared_ptr<const hmac_sha256_key> key_;
};

}  // namespace spaces::aws
