#include "platform/mail/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

const sender from{"Lifestyle Spaces", "hello@example.org"};
constexpr instant date{std::chrono::milliseconds{1'795'334'400'123}};

email an_email() {
  email made;
  made.to = "ann@example.com";
  made.subject = "Hello";
  made.text = "One line\nand another\n";
  made.message_id = "1@example.org";
  return made;
}

std::string written(const email& what) {
  const auto made = message_of(what, from, date);
  EXPECT_TRUE(made) << made.error().problems.front().detail;
  return made ? *made : "";
}

TEST(message, an_email_without_html_is_one_text) {
  EXPECT_EQ(written(an_email()),
            "Date: Sun, 22 Nov 2026 08:00:00 +0000\r\n"
            "From: \"Lifestyle Spaces\" <hello@example.org>\r\n"
            "To: <ann@example.com>\r\n"
            "Subject: Hello\r\n"
            "Message-ID: <1@example.org>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 7bit\r\n"
            "\r\n"
            "One line\r\nand another\r\n");
}

TEST(message, the_same_email_has_the_same_bytes) {
  email what = an_email();
  what.html = "<p>Hello</p>";
  EXPECT_EQ(written(what), written(what));
  EXPECT_THAT(written(what), HasSubstr("multipart/alternative"));
}

TEST(message, every_line_ends_in_crlf_and_is_short_enough) {
  email what = an_email();
  what.subject = "Ein schönes Häuschen, so weit das Auge reicht, mit Garten und Blick auf den Zürichsee und die Berge";
  what.text = std::string(3000, 'x') + "\n\xC3\xA9\n";
  what.html = "<p>\xC3\xA9" + std::string(2000, 'y') + "</p>";
  const std::string text = written(what);
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    ASSERT_EQ(text[at] == '\n', at > 0 && text[at - 1] == '\r') << at;
    line = text[at] == '\n' ? 0 : line + 1;
    ASSERT_LE(line, 77u) << "at " << at;
    ASSERT_GE(text[at], 0) << "a byte that is not ASCII at " << at;
  }
}

TEST(message, texts_of_headers_are_encoded_in_words_of_whole_characters) {
  EXPECT_EQ(encoded_text("Hello"), "Hello");
  EXPECT_EQ(encoded_text("Zürich"), "=?utf-8?B?WsO8cmljaA==?=");
  EXPECT_EQ(encoded_text("=?utf-8?B?SGk=?="), "=?utf-8?B?PT91dGYtOD9CP1NHaz0/PQ==?=") << "what only looks encoded";
  std::string longer;
  for (int n = 0; n < 40; ++n) longer += "ü";
  const std::string words = encoded_text(longer);
  EXPECT_THAT(words, HasSubstr("?=\r\n =?utf-8?B?"));
  EXPECT_THAT(words, Not(HasSubstr("\r\n\r\n")));
}

TEST(message, nothing_that_a_stranger_wrote_becomes_a_header_field) {
  const auto refused = [](auto change) {
    email what = an_email();
    change(what);
    const auto made = message_of(what, from, date);
    return !made && made.error().kind == error_kind::invalid;
  };
  EXPECT_TRUE(refused([](email& l) { l.to = "ann@example.com\r\nBcc: ben@example.com"; }));
  EXPECT_TRUE(refused([](email& l) { l.to = "ann@example.com>, <ben@example.com"; }));
  EXPECT_TRUE(refused([](email& l) { l.to = "ann@example.com,ben@example.com"; }));
  EXPECT_TRUE(refused([](email& l) { l.to = "ann"; }));
  EXPECT_TRUE(refused([](email& l) { l.to = ""; }));
  EXPECT_TRUE(refused([](email& l) { l.subject = "Hi\r\nBcc: ben@example.com"; }));
  EXPECT_TRUE(refused([](email& l) { l.subject = "Hi\n\nbody"; }));
  EXPECT_TRUE(refused([](email& l) { l.subject = std::string("a\0b", 3); }));
  EXPECT_TRUE(refused([](email& l) { l.subject = "\xFF"; }));
  EXPECT_TRUE(refused([](email& l) { l.reply_to = "ann@example.com\nX: y"; }));
  EXPECT_TRUE(refused([](email& l) { l.message_id = "1@example.org>\r\nX: y"; }));
  EXPECT_TRUE(refused([](email& l) { l.fields = {{"X-Kind", "a\r\nBcc: b@c.d"}}; }));
  EXPECT_TRUE(refused([](email& l) { l.fields = {{"X-Kind: a\r\nBcc", "b@c.d"}}; }));
}

TEST(message, a_sender_is_an_address_with_or_without_a_name) {
  const auto named = parse_sender("  Lifestyle Spaces <hello@example.org> ");
  ASSERT_TRUE(named);
  EXPECT_EQ(named->name, "Lifestyle Spaces");
  EXPECT_EQ(named->address, "hello@example.org");
  EXPECT_EQ(named->domain(), "example.org");
  ASSERT_TRUE(parse_sender("hello@example.org"));
  for (const std::string_view text : {"", "hello", "<>", "a <b", "<a@b>>", "x <a@b> y", "a@b@c", "a b@c", "@b", "a@"})
    EXPECT_FALSE(parse_sender(text)) << text;
}

}  // namespace
}  // namespace spaces::mail
