#include "platform/base/base64.hpp"
#include "platform/bucket/disk/bucket_on_disk.hpp"
#include "platform/bucket/serving/media_route.hpp"
#include "platform/bucket/serving/upload_route.hpp"
#include "platform/http/router.hpp"
#include "platform/http/test_request.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace spaces::bucket {
namespace {

namespace fs = std::filesystem;
using http::method;
using http::response;
using test::test_request;

/// The rows behind a router, over a bucket in a folder.
class served_bucket : public testing::Test {
 protected:
  http::router_options options() const {
    http::router_options made;
    made.clock = &ground.time;
    return made;
  }
  response send(test_request request) {
    const http::request& incoming = request.get();
    http::request timed = incoming;
    timed.received = ground.time.now();
    timed.deadline = timed.received + std::chrono::seconds(20);
    return application.handle(timed);
  }
  response get(const std::string& target) { return send({method::get, target}); }
  static std::string body_of(const response& made) {
    return made.file ? http::bytes_of(*made.file).value_or("cannot be read") : made.body;
  }
  void put(const std::string& key, const std::string& type = "image/webp") {
    ASSERT_TRUE(bucket->put(key, "the picture", {.content_type = type}));
  }
  upload_permission permit(const std::string& bytes, const std::string& key = "originals/1") {
    return *bucket->permit({key, "image/jpeg", bytes.size(), bytes.size(), sha256(bytes)});
  }
  /// With the permission's headers, except for these.
  test_request upload(const upload_permission& by, const std::string& bytes, names_and_values instead = {}) {
    test_request request(method::put, by.url.substr(by.url.find("/uploads/")));
    std::string type;
    for (auto [name, value] : by.headers) {
      for (const auto& [other, its] : instead)
        if (other == name) value = its;
      if (name == "Content-Type")
        type = value;
      else
        request.with(name, value);
    }
    request.body(bytes, type);
    return request;
  }

  disk_ground ground;
  std::unique_ptr<disk_bucket> bucket = ground.open();
  http::router application{std::vector<http::route>{upload_route(*bucket), media_route(*bucket)}, options()};
};

TEST_F(served_bucket, shows_pictures_below_the_public_prefix_for_ever) {
  put("media/ab/0123/640.webp");
  const response made = get("/media/ab/0123/640.webp");
  EXPECT_EQ(made.status, 200);
  EXPECT_EQ(body_of(made), "the picture");
  EXPECT_EQ(made.field("Content-Type"), "image/webp");
  EXPECT_EQ(made.field("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(made.field("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(made.field("Content-Security-Policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(made.field("Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_EQ(made.field("Vary"), "");
  const std::string tag(made.field("ETag"));
  EXPECT_EQ(tag, '"' + to_hex(sha256("the picture")) + '"');
  EXPECT_EQ(send(test_request(method::get, "/media/ab/0123/640.webp").with("If-None-Match", tag)).status, 304);
  const response part = send(test_request(method::get, "/media/ab/0123/640.webp").with("Range", "bytes=4-"));
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(body_of(part), "picture") << "and not the footer";
  EXPECT_EQ(send({method::head, "/media/ab/0123/640.webp"}).body_bytes(), 11U);
}

TEST_F(served_bucket, shows_nothing_else) {
  put("originals/1");
  put("media/page", "text/html");
  put("media/drawing", "image/svg+xml");
  put("mediaother/1");
  put("media/there/1.webp");
  for (const char* target :
       {"/media/originals/1", "/media/../originals/1", "/media/page", "/media/drawing", "/media/other/1", "/media/",
        "/media", "/media/none", "/media/there", "/media/there/1.webp/2", "/media//there/1.webp",
        "/media/there//1.webp", "/media/%74here/1.webp", "/media/there/1.webp%00", "/media/there/..", "/originals/1"}) {
    const response made = get(target);
    EXPECT_EQ(made.status, 404) << target;
    EXPECT_EQ(made.field("Content-Type"), "application/problem+json") << target;
  }
}

TEST_F(served_bucket, follows_no_links) {
  put("media/real/1.webp");
  const fs::path media = ground.above / "bucket" / "objects" / "media";
  std::ofstream(ground.above / "secret") << "a secret of the machine";
  fs::create_symlink(ground.above / "secret", media / "link");
  fs::create_symlink(ground.above, media / "out");
  fs::create_symlink(media / "real", media / "alias");
  for (const char* target : {"/media/link", "/media/out/secret", "/media/alias/1.webp"})
    EXPECT_EQ(get(target).status, 404) << target;
}

TEST_F(served_bucket, takes_what_was_permitted_and_once) {
  const upload_permission by = permit("the picture");
  const response made = send(upload(by, "the picture"));
  EXPECT_EQ(made.status, 200);
  EXPECT_EQ(made.field("ETag"), '"' + to_hex(sha256("the picture")) + '"');
  EXPECT_EQ(bucket->get("originals/1", std::nullopt)->bytes, "the picture");
  EXPECT_EQ(send(upload(by, "the picture")).status, 409);
}

TEST_F(served_bucket, says_what_is_wrong_with_an_upload) {
  const upload_permission by = permit("the picture");
  EXPECT_EQ(send(upload(by, "another one")).status, 422) << "the same length, another content";
  EXPECT_EQ(send(upload(by, "the picture!")).status, 413) << "more than was permitted";
  EXPECT_EQ(send(upload(by, "the pic")).status, 422);
  EXPECT_EQ(send(upload(by, "the picture", {{"Content-Type", "text/html"}})).status, 422);
  EXPECT_EQ(send(upload(by, "the picture", {{"x-amz-checksum-sha256", "AAAA"}})).status, 422);
  EXPECT_EQ(send(upload(by, "the picture").with("Content-Length", "12")).status, 422) << "before a byte of it";
  upload_permission altered = by;
  altered.url.back() = altered.url.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(send(upload(altered, "the picture")).status, 403);
  EXPECT_EQ(send({method::put, "/uploads/x"}).status, 403);
  ground.time.move(std::chrono::seconds(301));
  EXPECT_EQ(send(upload(by, "the picture")).status, 403) << "expired";
  EXPECT_TRUE(bucket->list("", "", 10)->objects.empty());
  EXPECT_TRUE(fs::is_empty(ground.above / "bucket" / "unfinished"));
}

}  // namespace
}  // namespace spaces::bucket
