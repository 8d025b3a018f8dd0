#include "platform/base/text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

namespace spaces {
namespace {

using namespace std::string_view_literals;

/// Every text at every offset of the words in which the functions look at it.
std::vector<std::string> at_every_offset(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t before = 0; before < 9; ++before) {
    for (std::size_t after = 0; after < 9; ++after) {
      out.push_back(std::string(before, 'x') + std::string(text) + std::string(after, 'x'));
    }
  }
  return out;
}

TEST(text, utf8_is_what_rfc_3629_says) {
  for (const std::string_view text :
       {""sv, "plain ASCII, long enough for words of eight"sv, "\0"sv, "\x7F"sv, "é"sv, "\u07FF"sv, "\u0800"sv,
        "\uD7FF"sv, "\uE000"sv, "\uFFFF"sv, "\U00010000"sv, "\U0010FFFF"sv, "日本"sv}) {
    for (const std::string& whole : at_every_offset(text)) EXPECT_TRUE(is_utf8(whole)) << whole;
  }
}

TEST(text, what_is_not_utf8_is_refused_wherever_it_stands) {
  for (const std::string_view text : {"\x80"sv,
                                      "\xBF"sv,
                                      "\xC0\x80"sv,
                                      "\xC1\xBF"sv,
                                      "\xC2"sv,
                                      "\xC2\x41"sv,
                                      "\xE0\x80\x80"sv,
                                      "\xE0\x9F\xBF"sv,
                                      "\xE2\x82"sv,
                                      "\xED\xA0\x80"sv,
                                      "\xED\xBF\xBF"sv,
                                      "\xF0\x80\x80\x80"sv,
                                      "\xF0\x8F\xBF\xBF"sv,
                                      "\xF0\x9F\x98"sv,
                                      "\xF4\x90\x80\x80"sv,
                                      "\xF5\x80\x80\x80"sv,
                                      "\xFE"sv,
                                      "\xFF"sv,
                                      "\xF8\x88\x80\x80\x80"sv,
                                      "\xE2\x82\x41"sv,
                                      "\xF0\x9F\x98\x41"sv}) {
    for (const std::string& whole : at_every_offset(text)) EXPECT_FALSE(is_utf8(whole)) << whole;
  }
}

TEST(text, lengths_count_code_points) {
  EXPECT_EQ(code_points(""), 0u);
  EXPECT_EQ(code_points("loft"), 4u);
  EXPECT_EQ(code_points("São"), 3u);
  EXPECT_EQ(code_points("e\u0301"), 2u);
  EXPECT_EQ(code_points("\U0001F3E0\U0001F3E0"), 2u);
}

TEST(text, trims_the_white_space_of_unicode_and_nothing_else) {
  for (const std::string_view space : {" ", "\t", "\n", "\v", "\f", "\r", "\u0085", "\u00A0", "\u1680", "\u2000",
                                       "\u2005", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"}) {
    const std::string s(space);
    EXPECT_EQ(trim(s), "");
    EXPECT_EQ(trim(fmt::format("{0}{0}a{0}é{0}", s)), fmt::format("a{}é", s));
    EXPECT_EQ(trim(s + "日"), "日");
    EXPECT_EQ(trim(fmt::format("日{0}{0}", s)), "日");
  }
  for (const std::string_view kept : {"\u200B", "\u180E", "\uFEFF", "\u2060", "\u00AD", "\u1FFF", "\u200B", "\u3001"}) {
    EXPECT_EQ(trim(kept), kept);
  }
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("   "), "");
}

TEST(text, trimming_stays_inside_whatever_bytes_it_gets) {
  for (const std::string_view text : {"\x80\x80\x80\x80\x80"sv, "\xE2\x80"sv, "\xC2"sv, " \xC2"sv, "\x85 "sv}) {
    EXPECT_LE(trim(text).size(), text.size());
  }
}

TEST(text, control_characters_are_found_wherever_they_stand) {
  for (unsigned code = 0; code < 0x100; ++code) {
    std::string character;
    if (code < 0x80) {
      character += static_cast<char>(code);
    } else {
      character += static_cast<char>(0xC0 | code >> 6);
      character += static_cast<char>(0x80 | (code & 0x3F));
    }
    const bool control = code < 0x20 || (code >= 0x7F && code <= 0x9F);  // general category Cc
    const bool line_break = code == '\t' || code == '\n' || code == '\r';
    for (const std::string& whole : at_every_offset(character)) {
      EXPECT_EQ(has_control(whole, false), control) << code;
      EXPECT_EQ(has_control(whole, true), control && !line_break) << code;
    }
  }
  EXPECT_FALSE(has_control("", false));
  EXPECT_FALSE(has_control("日本語のテキスト、長い", false));
  EXPECT_FALSE(has_control("one\r\ntwo\tthree", true));
  EXPECT_TRUE(has_control("one\r\ntwo\x1B", true));
}

TEST(text, ascii_case_is_ignored_in_header_names) {
  EXPECT_TRUE(equal_ignoring_case("Content-Type", "content-TYPE"));
  EXPECT_FALSE(equal_ignoring_case("Content-Type", "Content_Type"));
  EXPECT_FALSE(equal_ignoring_case("a", "aa"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));  // differ in the same bit as letters do
  EXPECT_FALSE(equal_ignoring_case("\xC3\x89", "\xC3\xA9"));
  EXPECT_EQ(lower_ascii("ÀB[Z@"), "Àb[z@");
}

TEST(text, percent_decoding_takes_every_byte_and_refuses_half_an_escape) {
  EXPECT_EQ(percent_decode("a%20b+c", true), "a b c");
  EXPECT_EQ(percent_decode("a%20b+c", false), "a b+c");
  EXPECT_EQ(percent_decode("%2B%2b%00", true), "++\0"sv);
  EXPECT_EQ(percent_decode("S%C3%A3o", true), "São");
  EXPECT_EQ(percent_decode("", true), "");
  for (const std::string_view text : {"%", "%2", "%2g", "%g2", "a%", "%%20", "% 20", "%+2", "%u0041", "%-1"}) {
    EXPECT_FALSE(percent_decode(text, true)) << text;
  }
}

TEST(text, percent_encoding_keeps_the_unreserved_and_comes_back) {
  EXPECT_EQ(percent_encode("azAZ09-._~"), "azAZ09-._~");
  EXPECT_EQ(percent_encode("a b+c/ã%"), "a%20b%2Bc%2F%C3%A3%25");
  for (int value = 0; value < 256; ++value) {
    const std::string byte(1, static_cast<char>(value));
    EXPECT_EQ(percent_decode(percent_encode(byte), true), byte);
  }
}

}  // namespace
}  // namespace spaces
