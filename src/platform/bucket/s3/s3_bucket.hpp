/// Objects in a bucket of Amazon S3, or of what speaks its protocol: REST over the signed call (aws/signed_call.hpp).
/// https://docs.aws.amazon.com/AmazonS3/latest/API/
#pragma once

#include "platform/aws/environment.hpp"
#include "platform/aws/iam.hpp"
#include "platform/base/clock.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/bucket/settings.hpp"
#include "platform/http/client.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::bucket {

inline constexpr aws::service_name s3_name{"s3", "S3", "s3", true};

struct s3_options {
  std::string bucket;
  addressing how = addressing::automatic;
  encryption encrypted = encryption::bucket_default;
  std::string kms_key = {};  ///< id or ARN
};

/// All must outlive the bucket. An error's public text is one sentence about a setting.
result<std::unique_ptr<object_store>> open_s3_bucket(const s3_options& options, http::client& client,
                                                     aws::environment& surroundings, const clock& clock);

/// The URL that the bucket itself is at, without a slash at its end: what a key and a slash before it are put behind.
result<std::string> s3_bucket_url(const s3_options& options, const aws::environment& surroundings);

/// What IAM has to allow for all that `object_store` does.
std::vector<aws::iam_statement> statements(const s3_options& options);

}  // namespace spaces::bucket
