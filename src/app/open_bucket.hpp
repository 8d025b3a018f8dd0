/// The bucket that a text names, opened: a folder of this machine, or one of S3.
#pragma once

#include "platform/aws/environment.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/net/client/client.hpp"

#include <memory>
#include <string_view>

namespace spaces::app {

/// A bucket and what it stands on, where it is S3's.
struct opened_bucket {
  std::unique_ptr<net::client> client;
  std::unique_ptr<aws::environment> surroundings;
  std::unique_ptr<bucket::object_store> bucket;  ///< last: it uses the others
};

/// "disk:DIR", which is made where it is not there, or "s3:BUCKET". Errors' public texts are sentences for the
/// operator and name `option`.
result<opened_bucket> open_bucket_at(std::string_view option, std::string_view text, const clock& clock);

}  // namespace spaces::app
