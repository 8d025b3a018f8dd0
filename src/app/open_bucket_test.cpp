#include "app/open_bucket.hpp"

#include "platform/base/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace spaces::app {
namespace {

using bucket::store_kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// What the tests' environment says of AWS; null: nothing.
constexpr std::pair<const char*, const char*> surroundings[] = {{"AWS_REGION", "eu-west-1"},
                                                                {"AWS_ACCESS_KEY_ID", "ID"},
                                                                {"AWS_SECRET_ACCESS_KEY", "s"},
                                                                {"AWS_ENDPOINT_URL", nullptr},
                                                                {"AWS_ENDPOINT_URL_S3", nullptr}};

class opened_buckets : public testing::Test {
 protected:
  opened_buckets() {
    if (!::mkdtemp(folder_.data())) throw std::runtime_error("no folder for a test");
    settings.table.data = folder_;
    settings.mail.public_url = "https://example.com";
    for (const auto& [name, value] : surroundings) {
      if (const char* held = std::getenv(name)) before_[name] = held;
      value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
    }
  }
  ~opened_buckets() override {
    for (const auto& [name, value] : surroundings) ::unsetenv(name);
    for (const auto& [name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }

  opened_bucket open(table_use use = table_use::serving) {
    auto opened = open_bucket(settings, use, "a secret", time, nullptr);
    if (!opened) throw std::runtime_error(opened.error().public_text);
    return *std::move(opened);
  }
  std::string failure(table_use use) {
    const auto opened = open_bucket(settings, use, "a secret", time, nullptr);
    return opened ? "" : opened.error().public_text;
  }

  std::string folder_ = (std::filesystem::temp_directory_path() / "buckets_XXXXXX").string();
  std::map<std::string, std::string> before_;
  system_clock time;
  configuration settings;
};

TEST_F(opened_buckets, are_a_folder_beside_the_embedded_store_unless_told_otherwise) {
  const opened_bucket one = open();
  EXPECT_NE(one.disk, nullptr);
  EXPECT_EQ(one.bucket->engine(), "disk");
  EXPECT_TRUE(std::filesystem::is_directory(std::filesystem::path(folder_) / "bucket" / "objects"));
  EXPECT_EQ(one.media_url, "https://example.com/media");
  const auto permission = one.bucket->permit({"a", "image/png", 1, 1, sha256("x")});
  EXPECT_THAT(permission->url, StartsWith("https://example.com/uploads/"));
  const feature made = bucket_feature(settings, one);
  ASSERT_EQ(made.routes.size(), 2U);
  EXPECT_EQ(made.health.size(), 1U);
  EXPECT_FALSE(made.health.front().vital);
  EXPECT_EQ(made.periodics.size(), 1U);
  EXPECT_TRUE(made.permissions.empty());
}

TEST_F(opened_buckets, are_where_the_settings_say) {
  settings.bucket.kind = store_kind::disk;
  settings.bucket.name = folder_ + "/else/where";
  settings.bucket.media_url = "https://media.example.com";
  EXPECT_EQ(open().media_url, "https://media.example.com");
  EXPECT_TRUE(std::filesystem::is_directory(folder_ + "/else/where/objects"));
  EXPECT_EQ(bucket_folder_of(settings), folder_ + "/else/where");
}

TEST_F(opened_buckets, of_s3_have_no_routes_and_what_iam_has_to_allow) {
  settings.bucket.kind = store_kind::s3;
  settings.bucket.name = "pictures";
  settings.bucket.encrypted = bucket::encryption::kms;
  settings.bucket.kms_key = "arn:aws:kms:eu-west-1:123456789012:key/1";
  for (const table_use use : {table_use::serving, table_use::starting}) {
    const opened_bucket one = open(use);
    EXPECT_EQ(one.disk, nullptr);
    EXPECT_EQ(one.bucket->engine(), "s3");
    EXPECT_EQ(one.media_url, "https://pictures.s3.eu-west-1.amazonaws.com/media");
    const feature made = bucket_feature(settings, one);
    EXPECT_TRUE(made.routes.empty() && made.periodics.empty());
    ASSERT_EQ(made.permissions.size(), 3U);
    EXPECT_THAT(made.permissions.front().resources, ElementsAre("arn:{partition}:s3:::pictures/*"));
  }
  EXPECT_TRUE(bucket_folder_of(settings).empty());
  settings.bucket.media_url = "https://d111111abcdef8.cloudfront.net/media";
  EXPECT_EQ(open().media_url, "https://d111111abcdef8.cloudfront.net/media");
}

TEST_F(opened_buckets, are_none_where_no_disk_stays_and_nothing_is_said) {
  const auto is_none = [&](table_use use) {
    const opened_bucket one = open(use);
    const error why = one.bucket->permit({"a", "image/png", 1, 1, sha256("x")}).error();
    EXPECT_EQ(why.kind, error_kind::unavailable);
    EXPECT_THAT(why.private_text, HasSubstr("SPACES_BUCKET=s3:BUCKET"));
    EXPECT_TRUE(one.bucket->ping()) << "nothing is wrong";
    EXPECT_TRUE(bucket_feature(settings, one).routes.empty());
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(folder_) / "bucket"));
  };
  is_none(table_use::starting);
  settings.table.kind = table::engine_kind::dynamodb;
  is_none(table_use::serving);
  settings.bucket.kind = store_kind::disk;
  EXPECT_NE(open().disk, nullptr) << "where it is said";
  EXPECT_THAT(failure(table_use::starting), HasSubstr("a function has no disk that stays"));
}

TEST_F(opened_buckets, public_urls_have_what_stands_behind_the_prefix) {
  EXPECT_EQ(bucket::public_url("https://example.com/media", "media/ab/1.webp"), "https://example.com/media/ab/1.webp");
}

}  // namespace
}  // namespace spaces::app
