#include "app/open_bucket.hpp"

#include "platform/bucket/disk/disk_bucket.hpp"
#include "platform/bucket/no_bucket.hpp"
#include "platform/bucket/s3/s3_bucket.hpp"
#include "platform/bucket/serving/media_route.hpp"
#include "platform/bucket/serving/upload_route.hpp"

#include <fmt/core.h>

#include <string>
#include <system_error>
#include <utility>

namespace spaces::app {

namespace {

using bucket::store_kind;

/// In the data folder.
constexpr std::string_view folder_name = "bucket";

/// What uploads that a killed process began have left is looked for so often.
constexpr std::chrono::minutes sweep_interval{10};

store_kind kind_of(const configuration& settings, table_use use) {
  if (settings.bucket.kind != store_kind::unset) return settings.bucket.kind;
  const bool stays = settings.table.kind == table::engine_kind::lmdb && use != table_use::starting;
  return stays ? store_kind::disk : store_kind::unset;
}

result<opened_bucket> open_folder(const std::filesystem::path& folder, const std::string& public_url,
                                  const std::string& secret, const clock& clock) {
  // A data folder beside a table elsewhere need not be there yet.
  std::error_code failure;
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), failure);
  auto opened = bucket::open_disk_bucket({folder, public_url + "/uploads/", secret}, clock);
  if (!opened) return opened.error();
  opened_bucket made;
  made.disk = opened->get();
  made.bucket = *std::move(opened);
  made.media_url = public_url + "/media";
  return made;
}

result<opened_bucket> open_s3(const bucket::s3_options& options, const clock& clock, cloud* shared) {
  opened_bucket made;
  if (shared == nullptr) {
    auto connected = cloud::connect(clock);
    if (!connected) return connected.error();
    made.connection = std::make_unique<cloud>(*std::move(connected));
    shared = made.connection.get();
  }
  auto opened = shared->s3(options);
  if (!opened) return opened.error();
  const auto url = shared->s3_url(options);
  if (!url) return url.error();
  made.bucket = *std::move(opened);
  made.media_url = *url + "/media";
  return made;
}

/// Removes what uploads that never finished have left.
periodic sweep_of(bucket::disk_bucket& disk) {
  periodic made;
  made.name = "unfinished-uploads";
  made.every = sweep_interval;
  made.run = [&disk](deadline_time, const std::stop_token&) -> result<void> {
    const auto swept = disk.sweep_unfinished(bucket::unfinished_age_max);
    if (!swept) return swept.error();
    return {};
  };
  return made;
}

}  // namespace

std::filesystem::path bucket_folder_of(const configuration& settings) {
  if (kind_of(settings, table_use::serving) != store_kind::disk) return {};
  if (!settings.bucket.name.empty()) return settings.bucket.name;
  return std::filesystem::path(settings.table.data) / folder_name;
}

bucket::s3_options s3_options_of(const configuration& settings, std::string name) {
  return {std::move(name), settings.bucket.how, settings.bucket.encrypted, settings.bucket.kms_key};
}

result<opened_bucket> open_bucket(const configuration& settings, table_use use, const std::string& store_secret,
                                  const clock& clock, cloud* shared) {
  result<opened_bucket> opened = opened_bucket{};
  switch (kind_of(settings, use)) {
    case store_kind::unset:
      opened->bucket = bucket::make_no_bucket("there is no bucket for pictures: set SPACES_BUCKET=s3:BUCKET");
      break;
    case store_kind::disk:
      if (use == table_use::starting)
        return malformed(
            "SPACES_BUCKET names a folder, and a function has no disk that stays: set SPACES_BUCKET=s3:BUCKET.");
      opened = open_folder(bucket_folder_of(settings), settings.mail.public_url, store_secret, clock);
      break;
    case store_kind::s3: opened = open_s3(s3_options_of(settings, settings.bucket.name), clock, shared); break;
  }
  if (opened && !settings.bucket.media_url.empty()) opened->media_url = settings.bucket.media_url;
  return opened;
}

result<opened_bucket> open_bucket_at(std::string_view option, std::string_view text, const configuration& settings,
                                     const clock& clock) {
  const auto place = bucket::parse_place(text);
  if (!place)
    return malformed(
        fmt::format("{} is '{}', which is not disk:DIR or s3:BUCKET (3 to 63 small letters, digits, '-' "
                    "and '.').",
                    option, text));
  if (place->kind == store_kind::s3) return open_s3(s3_options_of(settings, place->name), clock, nullptr);
  return open_folder(place->name, {}, {}, clock);
}

feature bucket_feature(const configuration& settings, const opened_bucket& opened) {
  feature made{.name = "bucket", .health = {{"bucket", [&store = *opened.bucket] { return store.ping(); }, false}}};
  if (opened.disk != nullptr) {
    made.routes.push_back(bucket::upload_route(*opened.disk));
    made.routes.push_back(bucket::media_route(*opened.disk));
    made.periodics.push_back(sweep_of(*opened.disk));
  } else if (settings.bucket.kind == store_kind::s3) {
    made.permissions = bucket::statements(s3_options_of(settings, settings.bucket.name));
  }
  return made;
}

}  // namespace spaces::app
