/// What every bucket must do, written once against the interface. A store's tests include this and say
///
///   INSTANTIATE_TEST_SUITE_P(disk, bucket_contract, testing::Values(make_a_bucket));
#pragma once

#include "platform/bucket/bucket_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <string>
#include <utility>
#include <vector>

namespace spaces::bucket {

class bucket_contract : public testing::TestWithParam<bucket_factory> {
 protected:
  void SetUp() override {
    one_ = GetParam()();
    if (!one_.missing.empty()) GTEST_SKIP() << one_.missing;
  }
  object_store& bucket() { return *one_.bucket; }
  void put(std::string_view key, std::string_view bytes) {
    const auto done = bucket().put(key, bytes, {});
    ASSERT_TRUE(done) << done.error().private_text;
  }
  std::string bytes_at(std::string_view key, std::optional<byte_range> part = std::nullopt) {
    const auto found = bucket().get(key, part);
    return found ? found->bytes : "nothing: " + found.error().private_text + found.error().public_text;
  }
  static error_kind kind_of(const auto& failed) { return failed ? error_kind::internal : failed.error().kind; }
  std::vector<std::string> keys(std::string_view prefix = "", std::string_view after = "", std::size_t max = 1000) {
    const auto found = bucket().list(prefix, after, max);
    std::vector<std::string> names;
    if (!found) return {found.error().private_text};
    for (const listed_object& each : found->objects) names.push_back(each.key);
    if (found->more) names.emplace_back("…");
    return names;
  }
  upload_rules rules_for(std::string_view bytes) const {
    return {"uploads/one", "image/jpeg", bytes.size(), bytes.size(), sha256(bytes)};
  }

  bucket_under_test one_;
};

TEST_P(bucket_contract, keeps_what_is_put_with_its_type) {
  const std::string bytes("\0\xFF\r\nnot text", 13);
  ASSERT_TRUE(bucket().put("a/b-c_d.E/1", bytes, {.content_type = "image/webp"}));
  const auto found = bucket().get("a/b-c_d.E/1", std::nullopt);
  ASSERT_TRUE(found) << found.error().private_text;
  EXPECT_EQ(found->bytes, bytes);
  EXPECT_EQ(found->info.bytes, bytes.size());
  EXPECT_EQ(found->info.content_type, "image/webp");
  EXPECT_FALSE(found->info.etag.empty());
  const auto head = bucket().head("a/b-c_d.E/1");
  ASSERT_TRUE(head) << head.error().private_text;
  EXPECT_EQ(head->bytes, bytes.size());
  EXPECT_EQ(head->content_type, "image/webp");
  EXPECT_EQ(head->etag, found->info.etag);
  EXPECT_GT(head->modified, instant(std::chrono::milliseconds(1'700'000'000'000)));
}

TEST_P(bucket_contract, an_empty_object_is_one) {
  put("empty", "");
  EXPECT_EQ(bytes_at("empty"), "");
  EXPECT_EQ(bucket().head("empty")->bytes, 0U);
}

TEST_P(bucket_contract, a_put_replaces_the_whole_and_its_tag) {
  put("k", "a longer first content");
  const std::string etag = bucket().head("k")->etag;
  put("k", "second");
  EXPECT_EQ(bytes_at("k"), "second");
  EXPECT_NE(bucket().head("k")->etag, etag);
}

TEST_P(bucket_contract, one_that_is_put_only_if_absent_replaces_nothing) {
  ASSERT_TRUE(bucket().put("k", "first", {.only_if_absent = true}));
  EXPECT_EQ(kind_of(bucket().put("k", "second", {.only_if_absent = true})), error_kind::conflict);
  EXPECT_EQ(bytes_at("k"), "first");
}

TEST_P(bucket_contract, what_is_absent_is_not_found_and_may_be_removed) {
  EXPECT_EQ(kind_of(bucket().get("none", std::nullopt)), error_kind::not_found);
  EXPECT_EQ(kind_of(bucket().head("none/at/all")), error_kind::not_found);
  EXPECT_TRUE(bucket().remove("none/at/all"));
  put("a/b/c", "x");
  EXPECT_EQ(kind_of(bucket().head("a/b")), error_kind::not_found) << "the beginning of a key is none";
  ASSERT_TRUE(bucket().remove("a/b/c"));
  EXPECT_EQ(kind_of(bucket().head("a/b/c")), error_kind::not_found);
  EXPECT_TRUE(bucket().remove("a/b/c"));
  put("a/b/d", "x");
  EXPECT_EQ(bytes_at("a/b/d"), "x");
}

TEST_P(bucket_contract, gives_a_part) {
  put("k", "0123456789");
  EXPECT_EQ(bytes_at("k", byte_range{0, 0}), "0");
  EXPECT_EQ(bytes_at("k", byte_range{3, 5}), "345");
  EXPECT_EQ(bytes_at("k", byte_range{7}), "789");
  EXPECT_EQ(bytes_at("k", byte_range{8, 100}), "89");
  EXPECT_EQ(bucket().get("k", byte_range{3, 5})->info.bytes, 10U) << "of the whole";
  EXPECT_EQ(kind_of(bucket().get("k", byte_range{10})), error_kind::invalid);
  EXPECT_EQ(kind_of(bucket().get("k", byte_range{5, 4})), error_kind::invalid);
}

TEST_P(bucket_contract, opens_an_object_as_a_file_that_can_only_be_read) {
  const std::string one_piece = "0123456789";
  std::string more(opened_piece_bytes + 3, 'x');
  more.back() = 'y';
  for (const std::string& bytes : {std::string(), one_piece, more}) {
    ASSERT_TRUE(bucket().put("k", bytes, {.content_type = "image/png"}));
    const auto open = bucket().open("k");
    ASSERT_TRUE(open) << open.error().private_text;
    EXPECT_EQ(open->info.bytes, bytes.size());
    EXPECT_EQ(open->info.content_type, "image/png");
    EXPECT_EQ(open->info.etag, bucket().head("k")->etag);
    EXPECT_EQ(::lseek(open->file.get(), 0, SEEK_CUR), 0) << "at its beginning";
    std::string read(bytes.size(), '\0');
    EXPECT_EQ(::read(open->file.get(), read.data(), read.size()), static_cast<ssize_t>(bytes.size()));
    EXPECT_TRUE(read == bytes);
    EXPECT_EQ(::write(open->file.get(), "z", 1), -1);
  }
  const auto held = bucket().open("k");
  ASSERT_TRUE(bucket().remove("k"));
  std::string last(1, '\0');
  EXPECT_EQ(::pread(held->file.get(), last.data(), 1, static_cast<off_t>(more.size() - 1)), 1);
  EXPECT_EQ(last, "y") << "what is open goes on being there";
  EXPECT_EQ(kind_of(bucket().open("k")), error_kind::not_found);
  EXPECT_EQ(kind_of(bucket().open("../k")), error_kind::internal);
}

TEST_P(bucket_contract, says_that_it_can_be_reached) {
  const auto reached = bucket().ping();
  EXPECT_TRUE(reached) << reached.error().private_text;
}

TEST_P(bucket_contract, lists_in_the_byte_order_of_keys) {
  for (const char* key : {"b", "a/z", "a/b/c", "a-b", "a.b", "a0", "a/b-c"}) put(key, key);
  using testing::ElementsAre;
  EXPECT_THAT(keys(), ElementsAre("a-b", "a.b", "a/b-c", "a/b/c", "a/z", "a0", "b"));
  EXPECT_THAT(keys("a/"), ElementsAre("a/b-c", "a/b/c", "a/z"));
  EXPECT_THAT(keys("a/b"), ElementsAre("a/b-c", "a/b/c"));
  EXPECT_THAT(keys("a/b/"), ElementsAre("a/b/c"));
  EXPECT_THAT(keys("none"), ElementsAre());
  EXPECT_THAT(keys("", "a/b-c"), ElementsAre("a/b/c", "a/z", "a0", "b"));
  EXPECT_THAT(keys("", "a/b/c"), ElementsAre("a/z", "a0", "b"));
  EXPECT_THAT(keys("a/", "a/c"), ElementsAre("a/z"));
  EXPECT_THAT(keys("", "", 2), ElementsAre("a-b", "a.b", "…"));
  EXPECT_THAT(keys("", "a0", 1), ElementsAre("b"));
  EXPECT_EQ(bucket().list("b", "", 1)->objects.at(0).bytes, 1U);
}

TEST_P(bucket_contract, refuses_keys_that_are_none) {
  for (const char* key : {"", "/a", "a/", "a//b", ".", "..", "a/../b", "a b", "ä", "a\nb", "a?b", "a%2e"}) {
    EXPECT_EQ(kind_of(bucket().put(key, "x", {})), error_kind::internal) << key;
    EXPECT_EQ(kind_of(bucket().head(key)), error_kind::internal) << key;
  }
  EXPECT_FALSE(bucket().put(std::string(key_bytes_max + 1, 'a'), "x", {}));
  EXPECT_TRUE(keys().empty());
}

TEST_P(bucket_contract, an_upload_is_taken_once_as_it_was_permitted) {
  const auto permission = bucket().permit(rules_for("the picture"));
  ASSERT_TRUE(permission) << permission.error().private_text;
  EXPECT_EQ(permission->method, "PUT");
  EXPECT_EQ(one_.upload(*permission, "the picture", {}), sent::taken);
  EXPECT_EQ(bytes_at("uploads/one"), "the picture");
  EXPECT_EQ(bucket().head("uploads/one")->content_type, "image/jpeg");
  EXPECT_EQ(one_.upload(*permission, "the picture", {}), sent::refused) << "once";
}

TEST_P(bucket_contract, an_upload_of_anything_else_is_refused_and_leaves_nothing) {
  const std::string bytes = "the picture";
  const auto permission = bucket().permit(rules_for(bytes));
  ASSERT_TRUE(permission) << permission.error().private_text;
  EXPECT_EQ(one_.upload(*permission, "another one", {}), sent::refused) << "the same length, another content";
  EXPECT_EQ(one_.upload(*permission, bytes + "!", {}), sent::refused);
  EXPECT_EQ(one_.upload(*permission, bytes.substr(1), {}), sent::refused);
  EXPECT_EQ(one_.upload(*permission, bytes, {{"Content-Type", "text/html"}}), sent::refused);
  upload_permission altered = *permission;
  altered.url.back() = altered.url.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(one_.upload(altered, bytes, {}), sent::refused);
  EXPECT_TRUE(keys().empty());
  EXPECT_EQ(one_.upload(*permission, bytes, {}), sent::taken) << "what was refused has not used it up";
}

TEST_P(bucket_contract, a_permission_ends) {
  upload_rules rules = rules_for("late");
  rules.lifetime = std::chrono::seconds(1);
  one_.shift_clock(-std::chrono::seconds(10));
  const auto permission = bucket().permit(rules);
  one_.shift_clock(std::chrono::seconds(10));
  ASSERT_TRUE(permission) << permission.error().private_text;
  EXPECT_EQ(one_.upload(*permission, "late", {}), sent::refused);
}

TEST_P(bucket_contract, lengths_may_have_bounds) {
  const upload_rules rules{"uploads/two", "image/png", 3, 6};
  for (const auto& [bytes, outcome] :
       {std::pair("12", sent::refused), std::pair("1234567", sent::refused), std::pair("1234", sent::taken)}) {
    const auto permission = bucket().permit(rules);
    ASSERT_TRUE(permission) << permission.error().private_text;
    EXPECT_EQ(one_.upload(*permission, bytes, {}), outcome) << bytes;
  }
  EXPECT_EQ(bytes_at("uploads/two"), "1234");
  EXPECT_EQ(bucket().head("uploads/two")->content_type, "image/png");
}

TEST_P(bucket_contract, permits_nothing_without_bounds) {
  const upload_rules good{"uploads/two", "image/png", 3, 6};
  const auto without = [&](auto&& change) {
    upload_rules rules = good;
    change(rules);
    return kind_of(bucket().permit(rules));
  };
  EXPECT_EQ(without([](upload_rules& r) { r.key = "../x"; }), error_kind::internal);
  EXPECT_EQ(without([](upload_rules& r) { r.content_type = "image"; }), error_kind::internal);
  EXPECT_EQ(without([](upload_rules& r) { r.content_type = "image/a\r\nX: y"; }), error_kind::internal);
  EXPECT_EQ(without([](upload_rules& r) { r.bytes_min = 7; }), error_kind::internal);
  EXPECT_EQ(without([](upload_rules& r) { r.bytes_max = upload_bytes_max + 1; }), error_kind::internal);
  EXPECT_EQ(without([](upload_rules& r) { r.bytes_min = 6; }), error_kind::internal) << "exact, and no checksum";
  EXPECT_EQ(without([](upload_rules& r) { r.lifetime = std::chrono::hours(2); }), error_kind::internal);
}

}  // namespace spaces::bucket
