#include "platform/base/digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace spaces {
namespace {

TEST(digest, sha256_gives_fips_180_4_s_examples) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256({})), to_hex(sha256("")));
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(digest, hmac_gives_rfc_4231_s_examples) {
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(digest, a_kept_key_gives_what_its_bytes_give_each_time) {
  for (const std::string& key : {std::string(), std::string("Jefe"), std::string(131, '\xaa')}) {
    const hmac_sha256_key kept(key);
    for (const std::string& data : {std::string("what do ya want for nothing?"), std::string(), std::string(1000, 'x')})
      EXPECT_EQ(kept.digest(data), hmac_sha256(key, data));
  }
}

TEST(digest, an_empty_key_is_a_key_and_not_the_one_before) {
  const auto empty = hmac_sha256("", "");
  EXPECT_EQ(to_hex(empty), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  hmac_sha256("another key", "");
  EXPECT_EQ(hmac_sha256({}, {}), empty);
}

TEST(digest, secrets_are_the_same_only_when_every_byte_is) {
  EXPECT_TRUE(same_secret("", ""));
  EXPECT_TRUE(same_secret("secret", "secret"));
  EXPECT_FALSE(same_secret("secret", "secreT"));
  EXPECT_FALSE(same_secret("secret", "Secret"));
  EXPECT_FALSE(same_secret("secret", "secrets"));
  EXPECT_FALSE(same_secret("secret", ""));
}

TEST(digest, random_bytes_differ_and_reach_the_whole_span) {
  std::set<std::array<std::uint8_t, 16>> seen;
  for (int count = 0; count < 1000; ++count) {
    std::array<std::uint8_t, 16> bytes{};
    fill_random(bytes);
    seen.insert(bytes);
  }
  EXPECT_EQ(seen.size(), 1000u);
  std::array<std::uint8_t, 4096> many{};
  fill_random(many);
  EXPECT_LT(std::count(many.end() - 1024, many.end(), 0), 64);
  fill_random({});
}

TEST(digest, base64url_gives_rfc_4648_s_examples_without_padding) {
  const struct {
    std::string_view bytes;
    std::string_view text;
  } rows[] = {{"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
              {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
  for (const auto& row : rows) {
    EXPECT_EQ(to_base64url(row.bytes), row.text);
    EXPECT_EQ(from_base64url(row.text), row.bytes) << row.text;
  }
}

TEST(digest, every_byte_survives_base64url) {
  std::string bytes;
  for (int value = 0; value < 256; ++value) {
    bytes += static_cast<char>(value);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
}

TEST(digest, base64url_has_one_text_for_each_value) {
  for (const std::string_view text :
       {"Z", "Zg==", "Zg=", "Zh", "Zm9", "Zm9vY", "-/8", "+_8", "Zm 9v", "Zm9v\n", " Zm9v", "Zm9.", "Zm\xC3\xA9"}) {
    EXPECT_FALSE(from_base64url(text)) << text;
  }
  EXPECT_FALSE(from_base64url(std::string_view("Zm9\0", 4)));
}

}  // namespace
}  // namespace spaces
