#include "platform/bucket/disk/disk_bucket.hpp"

#include "platform/base/base64.hpp"
#include "platform/bucket/disk/bucket_on_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include <sys/stat.h>

namespace spaces::bucket {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class disk_bucket_files : public testing::Test {
 protected:
  fs::path file(std::string_view key) const { return ground_.above / "bucket" / "objects" / key; }
  std::size_t unfinished() const {
    const fs::directory_iterator each(ground_.above / "bucket" / "unfinished");
    return static_cast<std::size_t>(std::distance(begin(each), end(each)));
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat about{};
    EXPECT_EQ(::stat(path.c_str(), &about), 0) << path;
    return about.st_mode & 07777;
  }
  upload_permission permit(std::string_view bytes) {
    return *bucket_->permit({"u/1", "image/png", bytes.size(), bytes.size(), sha256(bytes), 60s});
  }

  static std::string checksum_of(std::string_view bytes) {
    const sha256_digest digest = sha256(bytes);
    std::string text;
    append_base64(text, {reinterpret_cast<const char*>(digest.data()), digest.size()});
    return text;
  }

  disk_ground ground_;
  std::unique_ptr<disk_bucket> bucket_ = ground_.open();
};

TEST_F(disk_bucket_files, are_their_owners_alone) {
  const mode_t before = ::umask(0);
  ASSERT_TRUE(bucket_->put("a/b", "x", {}));
  ::umask(before);
  EXPECT_EQ(mode_of(file("a/b")), 0600U);
  EXPECT_EQ(mode_of(file("a")), 0700U);
  EXPECT_EQ(mode_of(ground_.above / "bucket"), 0700U);
}

TEST_F(disk_bucket_files, begin_with_the_content_so_that_they_can_be_sent_as_they_lie) {
  ASSERT_TRUE(bucket_->put("k", "content", {.content_type = "image/png"}));
  const auto open = bucket_->open("k");
  ASSERT_TRUE(open);
  EXPECT_EQ(open->info.etag, to_hex(sha256("content")));
  struct stat theirs{}, ours{};
  ASSERT_EQ(::fstat(open->file.get(), &theirs), 0);
  ASSERT_EQ(::stat(file("k").c_str(), &ours), 0);
  EXPECT_EQ(theirs.st_ino, ours.st_ino) << "no copy of it";
  std::string bytes(open->info.bytes, '\0');
  ASSERT_EQ(::pread(open->file.get(), bytes.data(), bytes.size(), 0), 7);
  EXPECT_EQ(bytes, "content");
}

TEST_F(disk_bucket_files, links_are_never_followed) {
  ASSERT_TRUE(bucket_->put("real/k", "x", {}));
  fs::create_symlink(file("real"), file("folder"));
  fs::create_symlink(file("real/k"), file("link"));
  EXPECT_EQ(bucket_->head("folder/k").error().kind, error_kind::not_found);
  EXPECT_EQ(bucket_->open("link").error().kind, error_kind::not_found);
  EXPECT_FALSE(bucket_->put("folder/new", "x", {}));
  EXPECT_FALSE(fs::exists(file("real/new")));
  EXPECT_EQ(bucket_->list("", "", 10)->objects.size(), 1U) << "nor listed";
  ASSERT_TRUE(bucket_->put("link", "y", {})) << "but replaced";
  EXPECT_EQ(bucket_->get("real/k", std::nullopt)->bytes, "x");
}

TEST_F(disk_bucket_files, that_are_not_ours_are_no_objects) {
  std::ofstream(file("foreign")) << std::string(1000, 'x');
  std::ofstream(file("short")) << "x";
  EXPECT_EQ(bucket_->head("foreign").error().kind, error_kind::internal);
  EXPECT_EQ(bucket_->head("short").error().kind, error_kind::internal);
}

TEST_F(disk_bucket_files, folders_go_with_their_last_object) {
  ASSERT_TRUE(bucket_->put("a/b/c", "x", {}));
  ASSERT_TRUE(bucket_->put("a/d", "x", {}));
  ASSERT_TRUE(bucket_->remove("a/b/c"));
  EXPECT_FALSE(fs::exists(file("a/b")));
  EXPECT_TRUE(fs::exists(file("a")));
  ASSERT_TRUE(bucket_->remove("a/d"));
  EXPECT_FALSE(fs::exists(file("a")));
}

TEST_F(disk_bucket_files, an_upload_that_ends_early_leaves_nothing) {
  {
    const auto taken =
        bucket_->begin_upload(permit("12345").url.substr(25), {std::nullopt, "image/png", checksum_of("12345")});
    ASSERT_TRUE(taken) << taken.error().public_text;
    ASSERT_TRUE((*taken)->write("123"));
    EXPECT_EQ(unfinished(), 1U);
    EXPECT_EQ((*taken)->finish().error().kind, error_kind::invalid);
  }
  EXPECT_EQ(unfinished(), 0U);
  EXPECT_TRUE(bucket_->list("", "", 10)->objects.empty());
}

TEST_F(disk_bucket_files, an_upload_says_what_was_wrong) {
  const upload_permission by = permit("12345");
  const auto failed = [&](std::string_view bytes, const names_and_values& headers = {}) {
    const auto done = upload_to(*bucket_, by, bytes, headers);
    if (done) return std::string("taken");
    return done.error().problems.empty()
               ? done.error().public_text
               : done.error().problems.front().pointer + ": " + done.error().problems.front().detail;
  };
  EXPECT_EQ(failed("1234"), "Content-Length: must be 5");
  EXPECT_EQ(failed("12345", {{"Content-Type", "text/html"}}), "Content-Type: must be image/png");
  EXPECT_EQ(failed("12345", {{"x-amz-checksum-sha256", checksum_of("54321")}}),
            "x-amz-checksum-sha256: must be " + checksum_of("12345"));
  EXPECT_EQ(failed("54321"), "x-amz-checksum-sha256: is not that of the bytes which came");
  EXPECT_EQ(failed("12345"), "taken");
  EXPECT_EQ(failed("12345"), "There is an object at this key already");
  const auto more = bucket_->begin_upload(bucket_->permit({"u/2", "image/png", 1, 5, {}, 60s})->url.substr(25),
                                          {std::nullopt, "image/png", {}});
  EXPECT_TRUE((*more)->write("12345"));
  EXPECT_EQ((*more)->write("6").error().kind, error_kind::too_large);
}

TEST_F(disk_bucket_files, that_are_gone_or_cannot_be_written_are_said) {
  EXPECT_TRUE(bucket_->ping());
  fs::remove_all(ground_.above / "bucket" / "objects");
  EXPECT_EQ(bucket_->ping().error().kind, error_kind::unavailable);
}

TEST_F(disk_bucket_files, what_never_finished_is_swept_when_it_is_old) {
  std::ofstream(ground_.above / "bucket" / "unfinished" / "0123") << "half";
  const auto age = [&](std::chrono::seconds by) {
    fs::last_write_time(ground_.above / "bucket" / "unfinished" / "0123",
                        std::chrono::file_clock::from_sys(ground_.time.now() - by));
  };
  age(59s);
  EXPECT_EQ(*bucket_->sweep_unfinished(60s), 0U);
  age(61s);
  EXPECT_EQ(*bucket_->sweep_unfinished(60s), 1U);
  EXPECT_EQ(unfinished(), 0U);
}

TEST(permission_seal, opens_its_own_until_they_end) {
  const permission_seal seal("secret");
  const upload_rules rules{"a/b", "image/png", 1, 9, sha256("x")};
  const instant end(1'000'000ms);
  const std::string token = seal.seal(rules, end);
  const auto opened = seal.open(token, end - 1ms);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->key, "a/b");
  EXPECT_EQ(opened->content_type, "image/png");
  EXPECT_EQ(opened->bytes_min, 1U);
  EXPECT_EQ(opened->bytes_max, 9U);
  EXPECT_EQ(opened->sha256, rules.sha256);
  EXPECT_FALSE(seal.open(token, end));
  EXPECT_FALSE(permission_seal("another").open(token, instant{}));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(seal.open(altered, instant{})) << i;
    EXPECT_FALSE(seal.open(token.substr(0, i), instant{})) << i;
  }
}

}  // namespace

}  // namespace spaces::bucket
