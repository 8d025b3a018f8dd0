#include "platform/base/sha256_stream.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces {
namespace {

TEST(sha256_stream, is_the_same_of_pieces) {
  const std::string whole(100'000, 'x');
  sha256_stream stream;
  for (int turn = 0; turn < 2; ++turn) {
    for (std::size_t at = 0; at < whole.size(); at += 777) stream.add(std::string_view(whole).substr(at, 777));
    EXPECT_EQ(stream.digest(), sha256(whole));
    EXPECT_EQ(stream.digest(), sha256("")) << "it begins anew";
  }
}

}  // namespace
}  // namespace spaces
