/// Objects in a bucket of Amazon S3, or of what speaks its protocol: REST over the signed call (aws/signed_call.hpp).
/// https://docs.aws.amazon.com/AmazonS3/latest/API/
#pragma once

#include "platform/aws/environment.hpp"
#include "platform/aws/iam.hpp"
#include "platform/base/clock.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/http/client.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::bucket {

inline constexpr aws::service_name s3_name{"s3", "S3", "s3", true};

/// How a URL names the bucket. AWS wants the host, which a name with dots has no certificate for; an endpoint of
/// another service usually knows the path alone.
enum class addressing : std::uint8_t {
  automatic,  ///< by host at AWS's own endpoints, where the name has no dot; else by path
  path,       ///< https://endpoint/bucket/key
  host,       ///< https://bucket.endpoint/key
};

/// How S3 encrypts what lies there.
enum class encryption : std::uint8_t {
  bucket_default,  ///< as the bucket is set, which is AES-256 unless changed
  aes256,          ///< keys that S3 owns
  kms,             ///< a key of AWS KMS: the account's own for S3, or `kms_key`
};

struct s3_options {
  std::string bucket;
  addressing how = addressing::automatic;
  encryption encrypted = encryption::bucket_default;
  std::string kms_key = {};  ///< id or ARN
};

/// All must outlive the bucket. An error's public text is one sentence about a setting.
result<std::unique_ptr<object_store>> open_s3_bucket(const s3_options& options, http::client& client,
                                                     aws::environment& surroundings, const clock& clock);

/// What IAM has to allow for all that `object_store` does.
std::vector<aws::iam_statement> statements(const s3_options& options);

/// What S3 takes as a bucket's name: 3 to 63 small letters, digits, hyphens and dots, a letter or digit at both ends.
bool is_bucket_name(std::string_view text);

}  // namespace spaces::bucket
