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

}  // namespace
}  // namespace spaces
