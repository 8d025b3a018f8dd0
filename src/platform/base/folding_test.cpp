#include "platform/base/folding.hpp"

#include "platform/base/text.hpp"

#include <gtest/gtest.h>

#include <utf8proc.h>

#include <algorithm>

namespace spaces {
namespace {

/// All that fold to the first: the first is itself folded.
using alike = std::vector<std::string_view>;

void hold_alike(const alike& row) {
  for (const std::string_view text : row) {
    EXPECT_EQ(fold(text), row.front()) << text;
    EXPECT_EQ(fold(fold(text)), row.front()) << text << ": folded twice";
  }
}

TEST(folding, forgets_case_accents_and_extra_space) {
  const alike rows[] = {
      {"", "  "},
      {"sao paulo", "SAO PAULO", "São  Paulo", "Sa\u0303o\u00A0\tPaulo "},
      {"zurich", "ZÜRICH"},
      {"strasse", "Straße", "STRASSE", "STRAẞE"},
      {"kyoto", "ＫＹＯＴＯ"},
      {"fish", "\uFB01sh"},
      {"αθηνα", "ΑΘΉΝΑ"},
      {"東京"},
      {"a", "a\u0301\u0301"},
  };
  for (const alike& row : rows) hold_alike(row);
}

TEST(folding, writes_latin_letters_as_people_without_them_do) {
  const alike rows[] = {
      {"lodz", "Łódź", "ŁÓDŹ"},
      {"da nang", "Đà Nẵng", "đà nẵng"},
      {"aeroskobing", "Ærøskøbing", "ÆRØSKØBING"},
      {"oeting", "Œting", "œting"},
      {"tromso", "Tromsø", "TROMSØ"},
      {"kirsehir", "Kırşehir", "KIRŞEHİR", "kirsehir"},
      {"thingvellir", "Þingvellir", "þingvellir"},
      {"seydisfjordur", "Seyðisfjörður", "SEYÐISFJÖRÐUR"},
      {"hamrun", "Ħamrun", "ħamrun"},
      {"tana", "Ŧana", "ŧana"},
      {"ngoc", "Ŋgoc", "ŋgoc"},
      {"qaqortoq", "ĸaĸortoĸ"},
      {"parallel", "paraŀlel", "paral·lel", "PARAL·LEL"},
      {"n", "ŉ"},
      {"gence", "Gəncə", "GƏNCƏ"},
      {"aeo", "ǽǿ"},
      {"dzs", "ʣs"},
      {"bdgi", "ƀđǥɨ"},
  };
  for (const alike& row : rows) hold_alike(row);
}

TEST(folding, knows_every_latin_letter_of_a_language) {
  // Of the blocks of European, African, Vietnamese and Azerbaijani letters only sounds and signs may stay: clicks,
  // tones and glottal stops.
  const std::u32string stays = U"ƅƍƛƨƪƻƽƾǀǁǂǃɂʌ";
  const auto encoded = [](utf8proc_int32_t point) {
    utf8proc_uint8_t bytes[4];
    return std::string(reinterpret_cast<const char*>(bytes),
                       static_cast<std::size_t>(utf8proc_encode_char(point, bytes)));
  };
  for (utf8proc_int32_t point = 0xC0; point <= 0x24F; ++point) {
    const auto category = utf8proc_category(point);
    if (category < UTF8PROC_CATEGORY_LU || category > UTF8PROC_CATEGORY_LO) continue;
    const std::string folded = fold(encoded(point));
    const bool ascii = std::all_of(folded.begin(), folded.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    const auto lower = static_cast<char32_t>(utf8proc_tolower(point));
    EXPECT_EQ(ascii, stays.find(lower) == std::u32string::npos) << encoded(point) << " is " << folded;
  }
}

TEST(folding, leaves_out_what_phones_type_for_an_apostrophe) {
  for (const std::string_view quote : {"'",  "’", "‘", "‛", "`", "´", "ʻ",  "ʼ", "ʽ", "ʾ", "ʿ", "ˈ", "ˊ", "ˋ", "′", "‵",
                                       "＇", "՚", "׳", "ꞌ", "“", "”", "\"", "«", "»", "″", "„", "‚", "‹", "❛", "｀"}) {
    hold_alike({"laquila", std::string("L").append(quote).append("Aquila")});
    hold_alike({"o brien obrien", std::string("O Brien O").append(quote).append("BRIEN")});
  }
  hold_alike({"kaneohe", "Kāneʻohe", "KANEOHE", "Kāne'ohe"});
}

TEST(folding, takes_every_dash_for_a_space) {
  for (const std::string_view dash : {"-", "‐", "‑", "‒", "–", "—", "―", "−", "﹣", "－", "־", " - ", " — "})
    hold_alike({"saint denis", std::string("Saint").append(dash).append("Denis")});
  hold_alike({"soft", "so\u00ADft", "so\u200Dft", "\u200Esoft\u200F", "\uFEFFsoft"});
}

TEST(folding, leaves_out_stops_but_those_of_numbers) {
  hold_alike({"st louis", "St. Louis", "ST LOUIS", "St.  Louis."});
  hold_alike({"washington dc", "Washington, D.C.", "washington dc"});
  hold_alike({"1.5 bath", "1.5 bath", "1.5 Bath."});
  hold_alike({"no 5", "No. 5"});
}

TEST(folding, keeps_a_text_of_nothing_else) {
  EXPECT_EQ(fold("-"), "-");
  EXPECT_EQ(fold(" '’ "), "'’");
  EXPECT_NE(fold("..."), fold("--"));
}

TEST(folding, of_bytes_that_are_no_utf8_does_no_harm) { EXPECT_EQ(fold("A\xFF B"), "a\xFF b"); }

TEST(folding, is_plain_where_only_case_can_differ) {
  for (const std::string_view text : {"Seattle", "New York", "98103", "a b c"}) {
    EXPECT_TRUE(folds_plainly(text)) << text;
    EXPECT_EQ(fold(text), lower_ascii(text));
  }
  for (const std::string_view text : {"", " ", "St. Louis", "a  b", " a", "a ", "Łódź", "O'Fallon", "Saint-Denis"})
    EXPECT_FALSE(folds_plainly(text)) << text;
}

TEST(folding, finds_postcodes_however_they_are_written) {
  const struct {
    std::string_view held;
    std::vector<std::string_view> found_by;
    std::vector<std::string_view> not_by;
  } rows[] = {
      {"L6A 1P9", {"L6A1P9", "l6a 1p9", "L6A-1P9", " l6a  1p9", "L6A"}, {"L6", "L6A 1", "L6A 1P8"}},
      {"L6A1P9", {"L6A 1P9", "l6a"}, {"1P9"}},
      {"98103-1234", {"98103", "981031234", "98103 1234", "98103–1234"}, {"9810", "1234", "98103-123"}},
      {"98103", {"98103"}, {"98103-1234", "981"}},
      {"SW1A 1AA", {"sw1a", "SW1A1AA", "sw1a-1aa"}, {"SW1", "SW", "SW1A 1"}},
      {"M1 1AA", {"m1", "m11aa"}, {"M11", "M"}},
      {"M11 1AA", {"m11", "M111AA"}, {"M1", "M111"}},
      {"EC1A 1BB", {"EC1A"}, {"EC1"}},
      {"D02 AF30", {"D02", "d02af30"}, {"D0", "D02A"}},
      {"D6W XK24", {"d6w"}, {"D6"}},
      {"1012 AB", {"1012", "1012ab"}, {"101"}},
      {"00-950", {"00950", "00 950"}, {"00"}},
      {"〒150-0001", {"〒1500001"}, {"150"}},
  };
  for (const auto& row : rows) {
    const std::string held = fold_postcode(row.held);
    for (const std::string_view wanted : row.found_by)
      EXPECT_TRUE(in_postcode(held, fold_postcode(wanted))) << row.held << " by " << wanted;
    for (const std::string_view wanted : row.not_by)
      EXPECT_FALSE(in_postcode(held, fold_postcode(wanted))) << row.held << " by " << wanted;
  }
}

TEST(folding, splits_words_at_spaces) {
  EXPECT_EQ(words_of("two  words"), (std::vector<std::string>{"two", "words"}));
  EXPECT_TRUE(words_of("").empty());
}

}  // namespace
}  // namespace spaces
