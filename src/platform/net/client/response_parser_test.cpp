#include "platform/net/client/response_parser.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace spaces::net {
namespace {

constexpr std::size_t head_bytes_max = 4096;
constexpr std::size_t body_bytes_max = 100'000;

/// "200 body", "200 body, closes", "refused", "more"; with `ends`, the connection ends behind the bytes.
std::string seen(std::string_view bytes, bool ends = false, std::size_t step = 1'000'000) {
  framing_limits bounds;
  bounds.header_bytes = head_bytes_max;
  bounds.body_bytes = body_bytes_max;
  response_parser answer(bounds);
  std::string buffer;
  auto progress = response_parser::progress::more;
  while (!bytes.empty() && progress == response_parser::progress::more) {
    buffer.append(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    progress = answer.advance(buffer.data(), buffer.size());
  }
  if (ends && progress == response_parser::progress::more) progress = answer.end(buffer.size());
  if (progress == response_parser::progress::refused) return "refused";
  if (progress == response_parser::progress::more) return "more";
  if (answer.consumed() != buffer.size()) return "more follows";
  return std::to_string(answer.status()) + ' ' + std::string(answer.body(buffer.data())) +
         (answer.keep_alive() ? "" : ", closes");
}

TEST(response_parser, ends_where_it_says_that_it_ends) {
  const std::string rows[][2] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 hi"},
      {"HTTP/1.1 202\r\ncontent-length:0\r\n\r\n", "202 "},
      {"HTTP/1.1 204 No Content\r\n\r\n", "204 "},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "200 abcde"},
      {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", "200 hi, closes"},
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200 hi, closes"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", "more"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "more"},
  };
  for (const auto& [bytes, expected] : rows) {
    EXPECT_EQ(seen(bytes), expected) << bytes;
    EXPECT_EQ(seen(bytes, false, 1), expected) << bytes;
  }
  EXPECT_EQ(seen("HTTP/1.1 200 OK\r\n\r\nhi"), "more");
  EXPECT_EQ(seen("HTTP/1.1 200 OK\r\n\r\nhi", true), "200 hi, closes");
  EXPECT_EQ(seen("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", true), "refused");
}

TEST(response_parser, what_cannot_be_read_is_refused) {
  const std::string rows[] = {
      "garbage\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 2000\r\n\r\n",
      "HTTP/2.0200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
  };
  for (const std::string& bytes : rows) EXPECT_EQ(seen(bytes), "refused") << bytes;
  EXPECT_EQ(seen("HTTP/1.1 200 OK\r\nx: " + std::string(head_bytes_max, 'x')), "refused");
  EXPECT_EQ(seen("HTTP/1.1 200 OK\r\n\r\n" + std::string(body_bytes_max + 1, 'x')), "refused");
}

TEST(response_parser, fields_are_found_when_the_head_is_whole_and_the_body_is_not) {
  response_parser answer{framing_limits{}};
  std::string buffer = "HTTP/1.1 200 OK\r\nX-Id:";
  ASSERT_EQ(answer.advance(buffer.data(), buffer.size()), response_parser::progress::more);
  EXPECT_FALSE(answer.head_complete());
  buffer += " 7 \r\nContent-Length: 9\r\n\r\nhi";
  ASSERT_EQ(answer.advance(buffer.data(), buffer.size()), response_parser::progress::more);
  EXPECT_TRUE(answer.head_complete());
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.field(buffer.data(), "x-id"), "7");
  EXPECT_EQ(answer.field(buffer.data(), "x-other"), "");
}

}  // namespace
}  // namespace spaces::net
