#include "marketplace/accounts/email_address.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::accounts {
namespace {

TEST(email_address, one_form_for_one_mailbox) {
  EXPECT_EQ(canonical_email("Ann@Example.COM"), "ann@example.com");
  EXPECT_EQ(canonical_email("o'hara+spaces@mail.example.co.uk"), "o'hara+spaces@mail.example.co.uk");
  for (const char* same : {"ann@bücher.example", "ANN@BÜCHER.example", "ann@bu\u0308cher.example",
                           "ann@xn--bcher-kva.example", "Ann@XN--BCHER-KVA.EXAMPLE", "ann@bücher。example"})
    EXPECT_EQ(canonical_email(same), "ann@xn--bcher-kva.example") << same;
  EXPECT_EQ(canonical_email("ann@straße.example"), "ann@xn--strae-oqa.example") << "not strasse: IDNA 2008";
  EXPECT_EQ(canonical_email("ann@例え.テスト"), "ann@xn--r8jz45g.xn--zckzah");
}

TEST(email_address, what_no_email_can_be_sent_to) {
  for (const char* wrong : {"",
                            "@",
                            "ann",
                            "ann@",
                            "@example.com",
                            "ann@localhost",
                            "ann@@example.com",
                            "a b@example.com",
                            ".ann@example.com",
                            "ann.@example.com",
                            "a..b@example.com",
                            "\"ann\"@example.com",
                            "ann@[192.0.2.1]",
                            "ann@192.0.2.1",
                            "ann@-example.com",
                            "ann@example-.com",
                            "ann@exam_ple.com",
                            "ann@example..com",
                            "ann@.example.com",
                            "ann@example.com.",
                            "jörg@example.com",
                            "ann@example.com\r\nBcc: all@example.com",
                            "ann@xn--a.example",
                            "ann@example.com, ben@example.com",
                            "<ann@example.com>"})
    EXPECT_EQ(canonical_email(wrong), std::nullopt) << wrong;
  EXPECT_EQ(canonical_email(std::string("a\0b@example.com", 15)), std::nullopt);
  EXPECT_EQ(canonical_email(std::string("ann@exam\0ple.com", 16)), std::nullopt);
}

TEST(email_address, bounds) {
  const std::string local(email_local_bytes_max, 'x');
  EXPECT_TRUE(canonical_email(local + "@example.com"));
  EXPECT_FALSE(canonical_email(local + "x@example.com"));
  const std::string label(63, 'x');
  EXPECT_TRUE(canonical_email("a@" + label + ".example"));
  EXPECT_FALSE(canonical_email("a@" + label + "x.example"));
  const std::string longest = label + '.' + label + '.' + label + '.';
  EXPECT_EQ(canonical_email("a@" + longest + std::string(60, 'x'))->size(), email_bytes_max);
  EXPECT_FALSE(canonical_email("a@" + longest + std::string(61, 'x')));
}

}  // namespace
}  // namespace spaces::accounts
