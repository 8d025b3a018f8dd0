#include "net/runtime_answer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::net {
namespace {

/// "200 body", "200 body, closes", "refused", "more"; with `ends`, the connection ends behind the bytes.
std::string seen(std::string_view bytes, bool ends = false, std::size_t step = 1000) {
  runtime_answer answer;
  std::string buffer;
  auto progress = runtime_answer::progress::more;
  while (!bytes.empty() && progress == runtime_answer::progress::more) {
    buffer.append(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    progress = answer.advance(buffer);
  }
  if (progress == runtime_answer::progress::refused) return "refused";
  if (progress == runtime_answer::progress::more && !(ends && answer.end(buffer))) return "more";
  return std::to_string(answer.status()) + ' ' + std::string(answer.body(buffer)) +
         (answer.keep_alive() ? "" : ", closes");
}

TEST(runtime_answer, ends_where_it_says_that_it_ends) {
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
  EXPECT_EQ(seen("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", true), "more");
}

TEST(runtime_answer, what_cannot_be_read_is_refused) {
  const std::string rows[] = {
      "garbage\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 2000\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/2.0200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
  };
  for (const std::string& bytes : rows) EXPECT_EQ(seen(bytes), "refused") << bytes;
  EXPECT_EQ(seen("HTTP/1.1 200 OK\r\nx: " + std::string(limits::runtime_api_head_bytes_max, 'x'), false, 100000),
            "refused");
  EXPECT_EQ(seen("HTTP/1.1 200 OK\r\n\r\n" + std::string(limits::lambda_event_bytes_max + 1, 'x'), false, 1 << 24),
            "refused");
}

}  // namespace
}  // namespace spaces::net
