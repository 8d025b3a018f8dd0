/// The bucket that the settings or a text name, opened: a folder of this machine, or one of S3.
#pragma once

#include "app/cloud.hpp"
#include "app/configuration.hpp"
#include "app/open_table.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/feature/feature.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace spaces::bucket {
class disk_bucket;
}

namespace spaces::app {

/// A bucket and what it stands on, where it is S3's and nothing else has a connection.
struct opened_bucket {
  std::unique_ptr<cloud> connection;
  std::unique_ptr<bucket::object_store> bucket;  ///< behind the connection, which it uses
  bucket::disk_bucket* disk = nullptr;           ///< the same, where it lies on this machine and serves by itself
  std::string media_url;                         ///< what `bucket::public_url` is given
};

/// The one of SPACES_BUCKET. `shared` is a connection that the caller has and that outlives it; null: one is made here
/// where it is needed. Where there is none to be (a function, or a table in DynamoDB, and nothing said) every call
/// answers `unavailable`, and its private text says what to set. `store_secret` seals permissions to upload. An error's
/// public text is a sentence for the operator.
result<opened_bucket> open_bucket(const configuration& settings, table_use use, const std::string& store_secret,
                                  const clock& clock, cloud* shared);

/// "disk:DIR", which is made where it is not there, or "s3:BUCKET" with the settings' way to name and to encrypt it.
/// Errors' public texts are sentences for the operator and name `option`.
result<opened_bucket> open_bucket_at(std::string_view option, std::string_view text, const configuration& settings,
                                     const clock& clock);

/// What the bucket hands to the wiring: its health, on a disk what it serves and what it sweeps, in S3 what IAM has to
/// allow. The bucket outlives it.
feature bucket_feature(const configuration& settings, const opened_bucket& opened);

/// The settings' bucket where it is a folder of this machine; empty: it is not.
std::filesystem::path bucket_folder_of(const configuration& settings);

/// As S3 is told.
bucket::s3_options s3_options_of(const configuration& settings, std::string name);

}  // namespace spaces::app
