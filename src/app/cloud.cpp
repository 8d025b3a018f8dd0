#include "app/cloud.hpp"

#include "platform/aws/json_service.hpp"
#include "platform/aws/limits.hpp"
#include "platform/aws/url.hpp"

#include <utility>

namespace spaces::app {

cloud::cloud(const clock& clock, std::unique_ptr<net::client> client, std::unique_ptr<aws::environment> surroundings)
    : clock_(&clock), client_(std::move(client)), surroundings_(std::move(surroundings)) {}

result<cloud> cloud::connect(const clock& clock) {
  net::client_options options;
  options.roots_file = aws::process_variable("AWS_CA_BUNDLE");
  auto client = net::make_client(options);
  if (!client) return client.error();
  auto surroundings = aws::environment::read(aws::process_variable, **client, clock);
  if (!surroundings) return surroundings.error();
  return cloud(clock, *std::move(client), *std::move(surroundings));
}

void cloud::prewarm_dynamodb() {
  const auto where = surroundings_->endpoint(aws::dynamodb.name);
  const auto parts = where ? aws::parse_url(*where) : std::nullopt;
  if (!parts) return;  // `dynamodb` says what is wrong
  prewarmed_ =
      std::async(std::launch::async, [client = client_.get(), origin = parts->origin] { client->warm(origin); });
}

result<std::unique_ptr<aws::service>> cloud::dynamodb(bool patient) {
  if (prewarmed_.valid()) prewarmed_.get();
  aws::json_protocol protocol = aws::dynamodb;
  if (patient) protocol.silence_max = aws::operators_silence_max;
  return aws::make_json_service(*client_, *surroundings_, protocol, *clock_);
}

result<std::unique_ptr<bucket::object_store>> cloud::s3(const bucket::s3_options& options) {
  return bucket::open_s3_bucket(options, *client_, *surroundings_, *clock_);
}

result<std::string> cloud::s3_url(const bucket::s3_options& options) const {
  return bucket::s3_bucket_url(options, *surroundings_);
}

}  // namespace spaces::app
