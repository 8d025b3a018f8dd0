#include "platform/http/message.hpp"

#include "platform/http/problem.hpp"
#include "platform/http/test_request.hpp"

#include <gtest/gtest.h>

namespace spaces::http {
namespace {

TEST(message, methods_have_the_names_they_are_sent_by) {
  EXPECT_EQ(to_text(method::get), "GET");
  EXPECT_EQ(to_text(method::head), "HEAD");
  EXPECT_EQ(to_text(method::post), "POST");
  EXPECT_EQ(to_text(method::put), "PUT");
  EXPECT_EQ(to_text(method::patch), "PATCH");
  EXPECT_EQ(to_text(method::delete_), "DELETE");
  EXPECT_EQ(to_text(method::options), "OPTIONS");
}

TEST(message, fields_are_found_without_case_the_first_of_a_name) {
  test::test_request request(method::get, "/");
  request.with("X-One", "1").with("x-one", "2").with("Empty", "");
  EXPECT_EQ(request.get().field("X-ONE"), "1");
  EXPECT_EQ(request.get().field("empty"), "");
  EXPECT_EQ(request.get().field("X-On"), "");
  response made;
  made.set("ETag", "\"v1\"");
  EXPECT_EQ(made.field("etag"), "\"v1\"");
  EXPECT_EQ(made.field("etags"), "");
}

TEST(message, a_query_asks_only_for_parameters_of_these_names) {
  static constexpr std::string_view names[] = {"limit", "sort"};
  http::request request;
  const auto only = [&](std::string_view query) {
    request.query = query;
    return request.asks_only(names);
  };
  for (const std::string_view yes : {"", "&", "limit=1", "sort", "limit=1&&sort=&", "limit=1&limit=2"})
    EXPECT_TRUE(only(yes)) << yes;
  for (const std::string_view no : {"limi", "limits=1", "Limit=1", "sort=a&q=limit", "=limit", "%6cimit=1", "&q"})
    EXPECT_FALSE(only(no)) << no;
}

TEST(message, an_answer_becomes_the_bytes_of_http) {
  response made;
  made.status = 201;
  made.set("Location", "/x");
  made.body = "{}";
  const prepared ready = prepare(made);
  EXPECT_EQ(ready.bytes, "HTTP/1.1 201 Created\r\nLocation: /x\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(ready.bytes.substr(ready.fields_at, 9), "Location:");
  EXPECT_EQ(ready.bytes.substr(ready.body_at), "{}");
}

TEST(message, content_length_stands_where_rfc_9110_wants_it) {
  response made;
  made.status = 200;
  EXPECT_NE(prepare(made).bytes.find("Content-Length: 0\r\n"), std::string::npos);
  for (const int status : {204, 304}) {
    made.status = status;
    EXPECT_EQ(prepare(made).bytes.find("Content-Length"), std::string::npos) << status;
  }
}

TEST(message, every_status_we_send_has_a_reason) {
  for (const served_problem& type : common_problems()) EXPECT_NE(reason(type.status), "Unknown") << type.status;
  for (const int status : {100, 200, 201, 204, 304}) EXPECT_NE(reason(status), "Unknown") << status;
  EXPECT_EQ(reason(299), "Unknown");
}

TEST(message, an_answer_says_once_what_it_varies_by) {
  response made;
  made.vary_by("Accept-Encoding");
  made.vary_by("Accept-Encoding");
  EXPECT_EQ(made.field("Vary"), "Accept-Encoding");
  made.vary_by("Authorization");
  made.vary_by("Accept-Encoding");
  EXPECT_EQ(made.field("Vary"), "Accept-Encoding, Authorization");
  EXPECT_EQ(made.fields.size(), 1u);
}

}  // namespace
}  // namespace spaces::http
