/// The connection to AWS: what the process's surroundings say (region, endpoints, credentials) and the client that
/// goes there. Made once; services made of it must not outlive it.
#pragma once

#include "platform/aws/environment.hpp"
#include "platform/aws/service.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/s3/s3_bucket.hpp"
#include "platform/net/client/client.hpp"

#include <future>
#include <memory>
#include <string>

namespace spaces::app {

class cloud {
 public:
  /// An error's public text is one sentence about a setting.
  static result<cloud> connect(const clock& clock);

  const std::string& region() const { return surroundings_->region(); }
  /// Connects to DynamoDB, TLS included, by a thread of its own, while the caller does something else.
  void prewarm_dynamodb();
  /// Waits for a prewarming that is under way. `patient`: for an operator's command, which waits for a slow answer as
  /// AWS's SDKs do; a request is better tried again.
  result<std::unique_ptr<aws::service>> dynamodb(bool patient = false);
  /// Asks nobody: whether the bucket is there, the first use tells.
  result<std::unique_ptr<bucket::object_store>> s3(const bucket::s3_options& options);
  result<std::string> s3_url(const bucket::s3_options& options) const;

 private:
  cloud(const clock& clock, std::unique_ptr<net::client> client, std::unique_ptr<aws::environment> surroundings);

  const clock* clock_;
  std::unique_ptr<net::client> client_;
  std::unique_ptr<aws::environment> surroundings_;
  std::future<void> prewarmed_;  ///< last: its thread uses the client
};

}  // namespace spaces::app
