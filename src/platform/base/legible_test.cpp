#include "platform/base/legible.hpp"

#include <gtest/gtest.h>

namespace spaces {
namespace {

TEST(legible, are_names_of_all_scripts) {
  for (const char* text :
       {"Ann", "7", "…", "O’Brien", "Łódź", "李", "محمد", "שָׁלוֹם", "ประเทศไทย", "नमस्ते", "👩‍👩‍👧",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم" /* with a non-joiner */, "דן\u200F!", "한국", "a\u0301",
        "★ Loft ★", "Loft 🫩", "\u00A0x"})
    EXPECT_TRUE(is_legible(text)) << text;
}

TEST(legible, is_nothing_that_shows_nothing) {
  for (const char* text : {"", " ", "\u200B\u200B\u200B", "\u2060", "\uFEFF\uFEFF", "\u00AD", "\u3164\u3164\u3164",
                           "\u115F\u1160", "\uFFA0", "\u2800\u2800", "\u0301\u0302", "\u200E\u200F", "\u061C", "\u034F",
                           "\u2028", "\U000E0041\U000E0042", "\uFE0F"})
    EXPECT_FALSE(is_legible(text)) << text;
}

TEST(legible, is_nothing_that_turns_its_surroundings) {
  for (const char* text : {"Ann\u202E", "\u202Dtfol", "a\u202Ab\u202C", "\u2066x\u2069", "x\u2067", "\u2068"})
    EXPECT_FALSE(is_legible(text)) << text;
}

TEST(legible, is_nothing_that_is_no_character) {
  for (const char* text :
       {"\u0378", "Ann \u0378", "\uFFFF", "x\uFDD0", "\uE000", "\U0010FFFD", "\U000EFFFF", "\U0001FAFE"})
    EXPECT_FALSE(is_legible(text)) << text;
}

TEST(readable, are_texts_of_several_lines_in_all_scripts) {
  for (const char* text :
       {"Hello\nthere", "a\tb", "שלום", "\u202A+1 206 555 0100\u202C", "to \u2068Ann\u2069 and \u2067דן\u2069",
        "\u202B\u2067x\u2069\u202C", "\uF0B7 a bullet of Word", "\u0378 and more", "x\u200E", "…"})
    EXPECT_TRUE(is_readable(text)) << text;
}

TEST(readable, is_nothing_that_shows_nothing_or_turns_what_follows) {
  for (const char* text : {"", " \n ", "\u200B\n\u2060", "\u3164", "\uF0B7", "\u0378", "a\u202Eb", "a\u202Db\u202C",
                           "\u202Aa", "\u202Aa\nb\u202C", "a\u202C", "a\u2069", "\u2067a", "\u2067a\u202C",
                           "\u202B\u2067a\u202C\u2069", "\u2067a\u2028b\u2069"})
    EXPECT_FALSE(is_readable(text)) << text;
}

TEST(readable, turns_are_left_out_of_what_is_cut) {
  EXPECT_EQ(without_turns("a\u202Eb\u2067c\u2069\u202Cö\u200E"), "abcö\u200E");
  EXPECT_EQ(without_turns(""), "");
}

}  // namespace
}  // namespace spaces
