#include "platform/http/ranges.hpp"

#include "platform/http/test_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::http {
namespace {

using test::test_request;

constexpr std::string_view tag = "\"t\"";

/// "first-last", "whole" or "none".
std::string asked_of(test_request request, std::uint64_t bytes = 10) {
  const range_asked found = read_range(request.get(), tag, bytes);
  if (found.what == range_asked::whole) return "whole";
  if (found.what == range_asked::unsatisfiable) return "none";
  return std::to_string(found.first) + '-' + std::to_string(found.last);
}

std::string asked_of(const std::string& range, std::uint64_t bytes = 10) {
  return asked_of(test_request(method::get, "/f").with("Range", range), bytes);
}

TEST(range, is_from_and_to_and_what_lies_behind_the_end_is_left_out) {
  EXPECT_EQ(asked_of("bytes=0-0"), "0-0");
  EXPECT_EQ(asked_of("bytes=3-5"), "3-5");
  EXPECT_EQ(asked_of("bytes=7-"), "7-9");
  EXPECT_EQ(asked_of("bytes=8-100"), "8-9");
  EXPECT_EQ(asked_of("BYTES=3-5"), "3-5");
  EXPECT_EQ(asked_of("bytes= 3-5 "), "3-5");
  EXPECT_EQ(asked_of("bytes=-3"), "7-9");
  EXPECT_EQ(asked_of("bytes=-30"), "0-9");
  EXPECT_EQ(asked_of("bytes=0-99999999999999999999999"), "0-9");
}

TEST(range, that_begins_behind_the_end_cannot_be_met) {
  EXPECT_EQ(asked_of("bytes=10-"), "none");
  EXPECT_EQ(asked_of("bytes=10-20"), "none");
  EXPECT_EQ(asked_of("bytes=-0"), "none");
  EXPECT_EQ(asked_of("bytes=99999999999999999999999-"), "none");
  EXPECT_EQ(asked_of("bytes=0-", 0), "none");
  EXPECT_EQ(asked_of("bytes=-1", 0), "none");
}

TEST(range, that_is_none_counts_for_nothing) {
  for (const char* none : {"bytes", "bytes=", "bytes=-", "bytes=5", "bytes=5-4", "bytes=a-b", "bytes=1-b", "bytes=--1",
                           "bytes=0-1,3-4", "bytes=+1-2", "lines=0-1", "bytes=0x1-2", "bytes = 0-1"})
    EXPECT_EQ(asked_of(none), "whole") << none;
  EXPECT_EQ(asked_of(test_request(method::get, "/f")), "whole");
  EXPECT_EQ(asked_of(test_request(method::get, "/f").with("Range", "bytes=0-1").with("range", "bytes=2-3")), "whole");
  EXPECT_EQ(asked_of(test_request(method::head, "/f").with("Range", "bytes=0-1")), "whole") << "of GET alone";
}

TEST(range, counts_where_its_condition_names_the_tag) {
  const auto on = [](const std::string& condition) {
    return asked_of(test_request(method::get, "/f").with("Range", "bytes=0-1").with("If-Range", condition));
  };
  EXPECT_EQ(on("\"t\""), "0-1");
  EXPECT_EQ(on("\"u\""), "whole");
  EXPECT_EQ(on("W/\"t\""), "whole") << "compared strongly";
  EXPECT_EQ(on("Sun, 22 Nov 2026 08:00:00 GMT"), "whole");
}

}  // namespace
}  // namespace spaces::http
