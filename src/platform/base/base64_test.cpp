#include "platform/base/base64.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace spaces {
namespace {

using namespace std::string_view_literals;

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  if (!append_from_base64(out, text)) return std::nullopt;
  return out;
}

TEST(base64, is_as_rfc_4648_shows_it) {
  constexpr std::pair<std::string_view, std::string_view> rows[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xFB\xFF\xFE\x00"sv, "+//+AA=="},
  };
  for (const auto& [bytes, text] : rows) {
    std::string out = "before ";
    append_base64(out, bytes);
    EXPECT_EQ(out, "before " + std::string(text));
    EXPECT_EQ(decoded(text), bytes);
  }
}

TEST(base64, gives_every_byte_back) {
  std::string bytes;
  for (int i = 0; i < 259; ++i) {
    std::string text;
    append_base64(text, bytes);
    EXPECT_EQ(decoded(text), bytes);
    bytes += static_cast<char>(i * 37);
  }
}

TEST(base64, refuses_what_is_none) {
  for (const std::string_view text :
       {"Z"sv, "Zg"sv, "Zg="sv, "Zm9vYg"sv, "===="sv, "Z==="sv, "Zg==Zg=="sv, "Zh=="sv, "Zm9="sv, "Zm-v"sv, "Zm_v"sv,
        "Zm v"sv, "Zm\0v"sv, "=g=="sv, "Zg=A"sv, "Z\xFF=="sv})
    EXPECT_FALSE(decoded(text)) << text;
}

}  // namespace
}  // namespace spaces
