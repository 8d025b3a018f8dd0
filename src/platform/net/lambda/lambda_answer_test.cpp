#include "platform/net/lambda/lambda_answer.hpp"

#include "platform/http/compression.hpp"
#include "platform/record/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdlib.h>
#include <unistd.h>
#include <memory>

namespace spaces::net {
namespace {

http::response answer(int status, std::string body = {}) {
  http::response made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

TEST(lambda_answer, is_one_object_with_its_body_as_text) {
  http::response made = answer(201, "{\"a\":\"ã\n\"}");
  made.set("Content-Type", "application/json");
  made.set("Location", "/a");
  EXPECT_EQ(lambda_answer(made, false),
            R"({"statusCode":201,"headers":{"Content-Type":"application/json","Location":"/a"},)"
            R"("isBase64Encoded":false,"body":"{\"a\":\"ã\n\"}"})");
  EXPECT_EQ(lambda_answer(answer(204), false), R"({"statusCode":204,"headers":{},"isBase64Encoded":false,"body":""})");
}

TEST(lambda_answer, joins_lines_of_one_name_and_keeps_cookies_apart) {
  http::response made = answer(200);
  made.set("Vary", "Accept-Encoding");
  made.set("Set-Cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT");
  made.set("vary", "Origin");
  made.set("set-cookie", "b=2");
  made.set("Content-Length", "9");
  EXPECT_EQ(lambda_answer(made, false),
            R"({"statusCode":200,"headers":{"Vary":"Accept-Encoding, Origin"},)"
            R"("cookies":["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT","b=2"],"isBase64Encoded":false,"body":""})");
}

TEST(lambda_answer, what_is_no_text_goes_as_base64) {
  EXPECT_EQ(lambda_answer(answer(200, std::string("\xff\x00\x10", 3)), false),
            R"({"statusCode":200,"headers":{},"isBase64Encoded":true,"body":"/wAQ"})");
  EXPECT_EQ(lambda_answer(answer(200, "\xff\xfe"), false),
            R"({"statusCode":200,"headers":{},"isBase64Encoded":true,"body":"//4="})");
  EXPECT_EQ(lambda_answer(answer(200, "\xff"), false),
            R"({"statusCode":200,"headers":{},"isBase64Encoded":true,"body":"/w=="})");
  // A coded body that happens to be ASCII is still no text.
  http::response coded = answer(200, "abc");
  coded.set("Content-Encoding", "gzip");
  EXPECT_EQ(lambda_answer(coded, false),
            R"({"statusCode":200,"headers":{"Content-Encoding":"gzip"},"isBase64Encoded":true,"body":"YWJj"})");
}

TEST(lambda_answer, a_file_goes_as_its_bytes) {
  std::string name = "/tmp/answer_XXXXXX";
  http::response made = answer(200);
  made.file = std::make_shared<http::file_part>(http::file_part{descriptor(::mkstemp(name.data())), 1, 3});
  ::unlink(name.c_str());
  ASSERT_EQ(::write(made.file->file.get(), "xabcx", 5), 5);
  EXPECT_EQ(lambda_answer(made, false), lambda_answer(answer(200, "abc"), false));
  EXPECT_EQ(lambda_answer(made, true), lambda_answer(answer(200), true));
}

TEST(lambda_answer, an_answer_made_ready_says_the_same) {
  http::response made = answer(200, "{}");
  made.set("ETag", "\"v1\"");
  http::response ready = answer(200);
  ready.ready = std::make_shared<const http::prepared>(http::prepare(made));
  EXPECT_EQ(lambda_answer(ready, false), lambda_answer(made, false));
}

TEST(lambda_answer, head_has_no_body) {
  http::response made = answer(200, "\xff");
  made.set("ETag", "\"v1\"");
  EXPECT_EQ(lambda_answer(made, true),
            R"({"statusCode":200,"headers":{"ETag":"\"v1\""},"isBase64Encoded":false,"body":""})");
}

TEST(lambda_answer, takes_the_form_of_each_gateway) {
  http::response made = answer(200, "a");
  made.set("Vary", "Accept-Encoding");
  made.set("Set-Cookie", "a=1");
  made.set("Vary", "Origin");
  made.set("Set-Cookie", "b=2");
  EXPECT_EQ(lambda_answer(made, false, event_format::http_1),
            R"({"statusCode":200,"multiValueHeaders":{"Vary":["Accept-Encoding","Origin"],"Set-Cookie":["a=1","b=2"]},)"
            R"("isBase64Encoded":false,"body":"a"})");
  EXPECT_EQ(lambda_answer(made, false, event_format::balancer_multi),
            R"({"statusCode":200,"statusDescription":"200 OK",)"
            R"("multiValueHeaders":{"Vary":["Accept-Encoding","Origin"],"Set-Cookie":["a=1","b=2"]},)"
            R"("isBase64Encoded":false,"body":"a"})");
  EXPECT_EQ(lambda_answer(made, false, event_format::balancer),
            R"({"statusCode":200,"statusDescription":"200 OK",)"
            R"("headers":{"Vary":"Accept-Encoding, Origin","Set-Cookie":"b=2"},"isBase64Encoded":false,"body":"a"})");
}

TEST(lambda_answer, names_paths_behind_the_base_path) {
  http::response made = answer(201);
  made.set("Location", "/a/1");
  made.set("Link", "</a>; rel=\"first\", </b>; rel=\"next\", </c>; rel=\"prev\", <https://h/d>");
  made.set("X", "/a");
  EXPECT_EQ(
      lambda_answer(made, true, event_format::http_2, "/shop"),
      R"({"statusCode":201,"headers":{"Location":"/shop/a/1",)"
      R"("Link":"</shop/a>; rel=\"first\", </shop/b>; rel=\"next\", </shop/c>; rel=\"prev\", <https://h/d>","X":"/a"},)"
      R"("isBase64Encoded":false,"body":""})");
  http::response elsewhere = answer(201);
  elsewhere.set("Location", "https://h/a");
  EXPECT_THAT(lambda_answer(elsewhere, true, event_format::http_2, "/shop"), testing::HasSubstr("\"https://h/a\""));
}

}  // namespace
}  // namespace spaces::net
