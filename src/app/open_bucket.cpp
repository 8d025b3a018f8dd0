#include "app/open_bucket.hpp"

#include "platform/bucket/disk/disk_bucket.hpp"
#include "platform/bucket/s3/s3_bucket.hpp"

#include <fmt/core.h>

#include <string>
#include <utility>

namespace spaces::app {

namespace {

constexpr std::string_view on_disk = "disk:", in_s3 = "s3:";

result<opened_bucket> open_s3(std::string name, const clock& clock) {
  opened_bucket made;
  net::client_options options;
  options.roots_file = aws::process_variable("AWS_CA_BUNDLE");
  auto client = net::make_client(options);
  if (!client) return client.error();
  made.client = *std::move(client);
  auto surroundings = aws::environment::read(aws::process_variable, *made.client, clock);
  if (!surroundings) return surroundings.error();
  made.surroundings = *std::move(surroundings);
  auto opened = bucket::open_s3_bucket({std::move(name)}, *made.client, *made.surroundings, clock);
  if (!opened) return opened.error();
  made.bucket = *std::move(opened);
  return made;
}

}  // namespace

result<opened_bucket> open_bucket_at(std::string_view option, std::string_view text, const clock& clock) {
  if (text.starts_with(in_s3)) return open_s3(std::string(text.substr(in_s3.size())), clock);
  if (!text.starts_with(on_disk) || text.size() == on_disk.size())
    return malformed(fmt::format("{} is '{}', which is not disk:DIR or s3:BUCKET.", option, text));
  opened_bucket made;
  auto opened = bucket::open_disk_bucket({std::string(text.substr(on_disk.size())), {}, {}}, clock);
  if (!opened) return opened.error();
  made.bucket = *std::move(opened);
  return made;
}

}  // namespace spaces::app
