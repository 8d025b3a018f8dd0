#include "platform/bucket/copying.hpp"

#include "platform/bucket/disk/bucket_on_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spaces::bucket {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class bucket_copy : public testing::Test {
 protected:
  copy_report run(bool check_only = false) {
    const auto report = copy_bucket(*from_, *to_, check_only, [](const copy_report&) { return true; });
    EXPECT_TRUE(report) << report.error().private_text;
    return *report;
  }

  disk_ground ground_from_, ground_to_;
  std::unique_ptr<disk_bucket> from_ = ground_from_.open();
  std::unique_ptr<disk_bucket> to_ = ground_to_.open();
};

TEST_F(bucket_copy, writes_what_differs_and_leaves_what_is_the_same) {
  for (const char* key : {"a", "b/1", "b/2", "c"}) ASSERT_TRUE(from_->put(key, key, {.content_type = "image/png"}));
  ASSERT_TRUE(to_->put("a", "a", {.content_type = "image/png"}));
  ASSERT_TRUE(to_->put("b/1", "other", {.content_type = "image/png"}));
  ASSERT_TRUE(to_->put("c", "c", {.content_type = "image/webp"}));
  ASSERT_TRUE(to_->put("d", "beyond", {}));
  const copy_report before = run(true);
  EXPECT_FALSE(before.same());
  EXPECT_EQ(before.different, 3U);
  EXPECT_EQ(before.beyond, 1U);
  EXPECT_THAT(before.differences,
              ElementsAre("b/1 has another content at the destination", "b/2 is missing at the destination",
                          "c has another type at the destination", "d is at the destination alone"));
  EXPECT_EQ(to_->get("b/1", std::nullopt)->bytes, "other") << "a check writes nothing";

  const copy_report copied = run();
  EXPECT_EQ(copied.read, 4U);
  EXPECT_EQ(copied.written, 3U);
  EXPECT_EQ(copied.unchanged, 1U);
  EXPECT_EQ(to_->get("c", std::nullopt)->info.content_type, "image/png");
  ASSERT_TRUE(to_->remove("d"));
  const copy_report after = run(true);
  EXPECT_TRUE(after.same());
  EXPECT_THAT(after.differences, IsEmpty());
  EXPECT_EQ(run().written, 0U) << "safe to run again";
}

TEST_F(bucket_copy, goes_over_many_pages_and_stops_when_told) {
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(from_->put("k/" + std::to_string(i), "x", {}));
  std::size_t seen = 0;
  const auto stopped = copy_bucket(*from_, *to_, false, [&](const copy_report&) { return ++seen < 3; }, 2);
  ASSERT_TRUE(stopped);
  EXPECT_TRUE(stopped->interrupted);
  EXPECT_EQ(stopped->written, 3U);
  const auto on = copy_bucket(*from_, *to_, false, [](const copy_report&) { return true; }, 2);
  EXPECT_EQ(on->written, 6U);
  EXPECT_EQ(on->unchanged, 3U);
  EXPECT_TRUE(run(true).same());
}

}  // namespace

}  // namespace spaces::bucket
