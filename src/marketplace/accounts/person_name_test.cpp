#include "marketplace/accounts/person_name.hpp"

#include <gtest/gtest.h>

namespace spaces::accounts {
namespace {

TEST(person_name, names_of_people_and_firms) {
  for (const char* name :
       {"Ann Seller", "J. R. Smith", "J.R.R. Tolkien", "Anne-Marie O'Neill, LL.M.", "Jos\u00e9 Mu\u00f1oz",
        "3 Brothers Realty", "M\u00fcller & S\u00f6hne, Inc.", "\u738b\u5c0f\u660e", "No. 1 Homes", "You won!"})
    EXPECT_TRUE(is_name(name)) << name;
}

TEST(person_name, links_addresses_and_line_breaks_are_none) {
  for (const char* other : {"You won! https://evil.example/x", "www.evil.example", "evil.example", "EVIL.EXAMPLE now",
                            "a ftp://x", "x//y", "mailto:ann@mail", "ann@example.com", "two\nlines", "two\r\nlines",
                            "two\u2028lines", "two\u0085lines", "\u0438\u043c\u044f.\u0440\u0444", "evil\u3002com",
                            "evil\uff0ecom", "<b>Ann</b>", "x\\y", "tab\tbed", "ann\uff20mail"})
    EXPECT_FALSE(is_name(other)) << other;
}

}  // namespace
}  // namespace spaces::accounts
