#include "platform/http/compression.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

namespace spaces::http {
namespace {

TEST(compression, gives_back_what_it_took) {
  std::mt19937 random(7);
  std::string noise(300'000, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  for (const std::string& plain : {std::string(), std::string("a"), std::string(1 << 20, 'x'), noise}) {
    const std::string packed = gzip(plain);
    EXPECT_EQ(packed.substr(0, 3), "\x1F\x8B\x08") << "RFC 1952";
    EXPECT_EQ(gunzip(packed), plain);
  }
  EXPECT_LT(gzip(std::string(100'000, 'x')).size(), 1000u);
}

TEST(compression, damage_is_told) {
  const std::string packed = gzip(std::string(5000, 'x') + "loft");
  for (std::size_t size = 0; size < packed.size(); ++size)
    EXPECT_THROW(gunzip(packed.substr(0, size)), std::runtime_error) << size;
  std::string flipped = packed;
  flipped[flipped.size() - 6] ^= 1;  // the checksum
  EXPECT_THROW(gunzip(flipped), std::runtime_error);
  EXPECT_THROW(gunzip("no gzip at all"), std::runtime_error);
}

}  // namespace
}  // namespace spaces::http
