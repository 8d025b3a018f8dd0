#include "platform/net/chunked_body.hpp"

#include "wire/every_way.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace spaces::net {
namespace {

using namespace std::string_view_literals;

// Behind "POST / HTTP/1.1", Host and Transfer-Encoding: chunked.
const refused_row refused_chunks[] = {
    {"no size", "\r\n\r\n"sv, 400},
    {"size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size with a plus", "+5\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size with a minus", "-5\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size with a space before", " 5\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size with a space behind", "5 \r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size with a tab behind", "5\t\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size with an underscore", "1_0\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size of other letters", "g\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size of 2^64", "10000000000000000\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size of 2^64 and five", "10000000000000005\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size of 2^64 less one", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"sv, 413},
    {"size with many zeros", "00000000000000005\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"size over the bound", "40001\r\n"sv, 413},
    {"sizes over the bound together", "5\r\nhello\r\n3fffc\r\n"sv, 413},
    {"size ends in LF", "5\nhello\r\n0\r\n\r\n"sv, 400},
    {"last chunk ends in LF", "5\r\nhello\r\n0\n\r\n"sv, 400},
    {"data ends in LF", "5\r\nhello\n0\r\n\r\n"sv, 400},
    {"data longer than its size", "4\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"data shorter than its size", "6\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"data ends in CR alone", "5\r\nhello\rX0\r\n\r\n"sv, 400},
    {"CR behind the last chunk", "5\r\nhello\r\n0\r\n\rX\r\n\r\n"sv, 400},
    {"blanks and no extension", "5 \t\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"blanks behind an extension", "5;a=b \r\nhello\r\n0\r\n\r\n"sv, 400},
    {"blanks behind a name", "5;a \r\nhello\r\n0\r\n\r\n"sv, 400},
    {"blanks in a name", "5;a b\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"blanks in a value", "5;a=b c\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"blanks for a value", "5;a= \r\nhello\r\n0\r\n\r\n"sv, 400},
    {"blanks for a name", "5; ;a\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"blanks before the size and an extension", " 5;a\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"quoted name", "5;\"a\"=b\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"value and more behind its quotes", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"extension that ends in a backslash", "5;a=\"b\\\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"extension without a name", "5;\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"extension without a value", "5;a=\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"extension with an open quote", "5;a=\"b\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"extension with a quoted CR", "5;a=\"b\r\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"extension with LF", "5;a\nhello\r\n0\r\n\r\n"sv, 400},
    {"extension with NUL", "5;a=\"\0\"\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"comma for a semicolon", "5,a\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"trailer without a colon", "0\r\nX\r\n\r\n"sv, 400},
    {"trailer with a space before the colon", "0\r\nX : a\r\n\r\n"sv, 400},
    {"trailer folded", "0\r\nX: a\r\n b\r\n\r\n"sv, 400},
    {"trailer with NUL", "0\r\nX: \0\r\n\r\n"sv, 400},
    {"trailer ends in LF", "0\r\nX: a\n\r\n"sv, 400},
};

// Behind "POST / HTTP/1.1", Host and Transfer-Encoding: chunked; the body that comes out.
struct chunk_row {
  const char* what;
  std::string_view bytes;
  std::string_view body;
};
const chunk_row accepted_chunks[] = {
    {"none", "0\r\n\r\n"sv, ""sv},
    {"one", "5\r\nhello\r\n0\r\n\r\n"sv, "hello"sv},
    {"several", "1\r\nh\r\n2\r\nel\r\n2\r\nlo\r\n0\r\n\r\n"sv, "hello"sv},
    {"sizes with zeros", "0005\r\nhello\r\n0000\r\n\r\n"sv, "hello"sv},
    {"sizes in both cases", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n"sv, "01234567890123456789a"sv},
    {"data that looks like an end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n"sv, "0\r\n\r\n"sv},
    {"extensions", "5;a;b=c;d=\"e\\\"; f\"\r\nhello\r\n0;last\r\n\r\n"sv, "hello"sv},
    {"an extension after blanks", "5 \t;a\r\nhello\r\n0 ;b\r\n\r\n"sv, "hello"sv},
    {"blanks wherever they may be", "5 ; a ;\tb \t= c ; d = \"e\" ;f=g\r\nhello\r\n0\t;\tlast\r\n\r\n"sv, "hello"sv},
    {"an extension twice", "5;a=b;a=b;a\r\nhello\r\n0\r\n\r\n"sv, "hello"sv},
    {"quoted strings of all kinds", "5;a=\"\";b=\"\t !#~\x80\xff;=,\";c=\"\\\\\\\"\\\t\"\r\nhello\r\n0\r\n\r\n"sv,
     "hello"sv},
    {"names of all kinds", "5;!#$%&'*+-.^_`|~09azAZ=1\r\nhello\r\n0\r\n\r\n"sv, "hello"sv},
    {"trailers, which are dropped",
     "5\r\nhello\r\n0\r\nAuthorization: Bearer x\r\nContent-Length: 9\r\nHost: b\r\n\r\n"sv, "hello"sv},
};

TEST(chunked_body, refuses_bad_chunks) { expect_refused(refused_chunks, chunked_head); }

TEST(chunked_body, decodes_chunks_and_goes_on_behind_them) {
  for (const chunk_row& each : accepted_chunks) {
    const std::string one = std::string(chunked_head).append(each.bytes);
    const std::string expected =
        std::string("POST / path=/ query=|Host=a|Transfer-Encoding=Chunked|body=").append(each.body);
    EXPECT_EQ(read_every_way(one), (reading{{expected}, 0, false})) << each.what;
    EXPECT_EQ(read_every_way(fmt::format("{0}GET / HTTP/1.1\r\nHost: b\r\n\r\n{0}", one)),
              (reading{{expected, "GET / path=/ query=|Host=b|body=", expected}, 0, false}))
        << each.what;
  }
}

}  // namespace
}  // namespace spaces::net
