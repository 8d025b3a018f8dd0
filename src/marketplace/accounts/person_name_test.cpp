#include "marketplace/accounts/person_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::accounts {
namespace {

TEST(person_name, names_of_people_and_firms) {
  for (const char* name : {"Ann Seller",
                           "O'Brien",
                           "O’Brien",
                           "D‘Arcy",
                           "J. R. Smith",
                           "J. R. R. Tolkien",
                           "J.R.R. Tolkien",
                           "Dr. Müller-Lüdenscheidt",
                           "Prof. Dr. h. c. mult. Ann Seller",
                           "St. John",
                           "St. John-Mollusc, Jr.",
                           "Anne-Marie O'Neill, LL.M.",
                           "Ph.D. Ann",
                           "José Muñoz",
                           "José Mun\u0303oz",
                           "Gal·la Font",
                           "Łukasz Żółć",
                           "Nguyễn Thị Minh Khai",
                           "Ólafur Þór",
                           "Jürgen v. d. Berg",
                           "van 't Hoff",
                           "'s-Gravesande",
                           "Hawaiʻi Homes",
                           "3 Brothers Realty",
                           "No. 1 Homes",
                           "No.1 Homes",
                           "Route 66.5",
                           "24/7 Homes",
                           "9½ Rooms",
                           "RE/MAX Equity Group",
                           "EDC A/S",
                           "Müller & Söhne, Inc.",
                           "S.p.A. Rossi",
                           "Novák s.r.o.",
                           "You won!",
                           "Anders K:son Lange",
                           "S:t Olof",
                           "Homes: the firm",
                           "Tel Aviv Homes",
                           "Contact: Ann",
                           "王小明",
                           "約翰．史密斯",
                           "ジョン・スミス",
                           "아이유",
                           "김．철수",
                           "Александр С. Пушкин",
                           "А.С. Пушкин",
                           "د. محمد علي",
                           "أ.د. محمد",
                           "می‌خواهم",
                           "שָׁלוֹם כֹּהֵן",
                           "ז.ב. כהן",
                           "ए. आर. रहमान",
                           "ए॰ आर॰ रहमान",
                           "ஏ.பி.ஜே. அப்துல் கலாம்",
                           "สมชาย ใจดี",
                           "Γ. Παπανδρέου",
                           "Հայկ Ա.",
                           "👩‍👩‍👧 Homes",
                           "Mr .Smith",
                           "Ann…",
                           "..."})
    EXPECT_TRUE(is_name(name)) << name;
}

TEST(person_name, links_in_any_script_are_none) {
  for (const char* other : {"You won! https://evil.example/x",
                            "www.evil.example",
                            "evil.example",
                            "EVIL.EXAMPLE now",
                            "see evil.co",
                            "evil.io!",
                            "(evil.com)",
                            "\"evil.com\"",
                            "t.me",
                            "x.co/1",
                            "bit.ly",
                            "evil.com.",
                            "a.b.co",
                            "j.r.co",
                            "my_evil.com",
                            "evil_.com",
                            "evil-.com",
                            "e-v-i-l.com",
                            "(evil).com",
                            "evil..com",
                            "evil.c0m",
                            "xn--80ak6aa92e.com",
                            "evil.xn--p1ai",
                            "имя.рф",
                            "例え.テスト",
                            "例え。テスト",
                            "evil。com",
                            "中国.公司",
                            "ए.भारत",
                            "عربي.موقع",
                            "ישראל.קום",
                            "Dr.Smith",
                            "a ftp://x",
                            "x//y",
                            "http:x",
                            "mailto:ann",
                            "MAILTO:ann@mail",
                            "tel:+12065550123",
                            "call sms:1",
                            "skype:ann?call",
                            "ann@example.com",
                            "ann@mail",
                            "192.0.2.1",
                            "see 192.0.2.1/x",
                            "x\\y",
                            "\\\\host\\share",
                            "<b>Ann</b>"})
    EXPECT_FALSE(is_name(other)) << other;
}

TEST(person_name, links_in_disguise_are_none) {
  for (const std::string gap : {"\u200B", "\u200C", "\u200D", "\u2060",     "\uFEFF",     "\u00AD", "\u034F",
                                "\u200E", "\u200F", "\u061C", "\uFE0F",     "\u180E",     "\u2064", "\u200A",
                                "\u2009", "\u202F", "\u0301", "\U000E0020", "\U000E0101", "\uFFF9", "\u115F"})
    for (const std::string& link : {"evil" + gap + ".com", "evil." + gap + "com", "evil.c" + gap + "om",
                                    "ev" + gap + "il." + gap + "c" + gap + "o" + gap + "m", "https:/" + gap + "/evil",
                                    "mailto" + gap + ":ann", "mailto:" + gap + "ann", "192.0" + gap + ".2.1"})
      EXPECT_FALSE(is_name(link)) << link;
  for (const char* other :
       {"evil．com",    "evil｡com",    "evil․com", "evil﹒com", "ｅｖｉｌ．ｃｏｍ",   "𝐞𝐯𝐢𝐥.𝐜𝐨𝐦",       "ⓔⓥⓘⓛ.ⓒⓞⓜ",
        "evil⒈com",     "evil.ᶜᵒᵐ",    "evil.ﬁ",   "ann＠mail", "ann﹫mail",          "https:／／evil", "https:⁄⁄evil",
        "https∶//evil", "mailto：ann", "＜b＞",    "x＼y",      "１９２．０．２．１", "١٩٢.٠.٢.١"})
    EXPECT_FALSE(is_name(other)) << other;
}

TEST(person_name, line_breaks_are_none) {
  for (const char* other : {"two\nlines", "two\r\nlines", "two\rlines", "two\u2028lines", "two\u2029lines",
                            "two\u0085lines", "two\vlines", "two\flines", "tab\tbed"})
    EXPECT_FALSE(is_name(other)) << other;
}

}  // namespace
}  // namespace spaces::accounts
