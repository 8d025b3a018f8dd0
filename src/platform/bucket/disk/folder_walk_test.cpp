#include "platform/bucket/disk/folder_walk.hpp"

#include "platform/bucket/disk/bucket_on_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace spaces::bucket {

namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class bucket_folder : public testing::Test {
 protected:
  bucket_folder() {
    for (const char* key : {"a", "b/1", "b/c/2"}) EXPECT_TRUE(bucket_->put(key, key, {.content_type = "image/png"}));
  }
  fs::path folder() const { return ground_.above / "bucket"; }
  fs::path file(std::string_view key) const { return folder() / "objects" / key; }
  folder_report copy() {
    const auto copied = copy_folder(folder(), ground_.above / "copy", [](const folder_report&) { return true; });
    EXPECT_TRUE(copied) << copied.error().public_text << copied.error().private_text;
    return *copied;
  }
  std::vector<std::string> damaged() {
    std::vector<std::string> keys;
    const auto checked = check_folder(
        folder(), [&](std::string_view key, std::string_view) { keys.emplace_back(key); },
        [](const folder_report&) { return true; });
    EXPECT_TRUE(checked) << checked.error().public_text;
    EXPECT_EQ(checked->damaged, keys.size());
    return keys;
  }

  disk_ground ground_;
  std::unique_ptr<disk_bucket> bucket_ = ground_.open();
};

TEST_F(bucket_folder, is_copied_as_it_is_and_stays_so) {
  const folder_report report = copy();
  EXPECT_EQ(report.objects, 3U);
  EXPECT_EQ(report.bytes, 1U + 3U + 5U);
  ASSERT_TRUE(bucket_->put("a", "changed", {}));
  ASSERT_TRUE(bucket_->remove("b/1"));
  const auto copied = *open_disk_bucket({ground_.above / "copy", {}, {}}, ground_.time);
  EXPECT_EQ(copied->get("a", std::nullopt)->bytes, "a");
  EXPECT_EQ(copied->get("b/1", std::nullopt)->info.content_type, "image/png");
  EXPECT_EQ(copied->get("b/c/2", std::nullopt)->bytes, "b/c/2");
}

TEST_F(bucket_folder, is_copied_without_what_is_unfinished_and_without_links) {
  std::ofstream(folder() / "unfinished" / "0123") << "half";
  fs::create_symlink("/etc/hostname", file("b/link"));
  EXPECT_EQ(copy().objects, 3U);
  EXPECT_FALSE(fs::exists(fs::symlink_status(ground_.above / "copy" / "objects" / "b" / "link")));
  EXPECT_FALSE(fs::exists(ground_.above / "copy" / "unfinished"));
}

TEST_F(bucket_folder, is_not_copied_over_another_one) {
  copy();
  ASSERT_TRUE(bucket_->put("a", "changed", {}));
  const auto again = copy_folder(folder(), ground_.above / "copy", [](const folder_report&) { return true; });
  EXPECT_FALSE(again);
}

TEST_F(bucket_folder, stops_when_told) {
  const auto stopped =
      copy_folder(folder(), ground_.above / "copy", [](const folder_report& so_far) { return so_far.objects < 2; });
  EXPECT_TRUE(stopped->interrupted);
  EXPECT_EQ(stopped->objects, 2U);
}

TEST_F(bucket_folder, is_held_to_the_checksums) {
  EXPECT_THAT(damaged(), ElementsAre());
  std::fstream one(file("b/c/2"), std::ios::in | std::ios::out);
  one.seekp(2);
  one << 'X';
  one.close();
  std::ofstream(file("foreign")) << std::string(1000, 'x');
  fs::resize_file(file("a"), 20);
  EXPECT_THAT(damaged(), ElementsAre("a", "b/c/2", "foreign"));
}

TEST_F(bucket_folder, that_is_none_is_said) {
  EXPECT_FALSE(check_folder(
      ground_.above / "none", [](std::string_view, std::string_view) {}, [](const folder_report&) { return true; }));
}

}  // namespace

}  // namespace spaces::bucket
