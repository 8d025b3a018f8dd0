#include "platform/mail/template.hpp"

#include "platform/mail/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spaces::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

constexpr uuid job{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
const site home{{"Lifestyle Spaces", "hello@example.org"}, "https://spaces.example.org"};

constexpr email_template greeting{"About {what}", "/things/{id}",
                                  "Hello {name},\n\n{what}:\n\n{link}\n\ncode {token}{nothing}\n",
                                  "<p>Hello {name},</p>\n<p><a href=\"{link}\">{what}</a> {token}{nothing}</p>\n"};

template_context about(std::string what) {
  return {.to = "ann@example.com", .name = "Ann", .values = {{"what", std::move(what)}, {"id", "7"}}};
}

TEST(mail_template, is_filled_and_signed_by_the_site) {
  const email made = render(greeting, home, job, about("a loft"));
  EXPECT_EQ(made.to, "ann@example.com");
  EXPECT_EQ(made.subject, "About a loft");
  EXPECT_EQ(made.text,
            "Hello Ann,\n\na loft:\n\nhttps://spaces.example.org/things/7\n\ncode \n\n-- \nLifestyle Spaces\n"
            "https://spaces.example.org\n");
  EXPECT_THAT(made.html, HasSubstr("<title>About a loft</title>"));
  EXPECT_THAT(made.html, HasSubstr("<p>Lifestyle Spaces<br><a href=\"https://spaces.example.org\">"));
  EXPECT_THAT(made.html, Not(HasSubstr("{")));
  EXPECT_THAT(made.fields, IsEmpty());
  EXPECT_TRUE(message_of(made, home.from, instant{}));
}

TEST(mail_template, keeps_a_token_behind_the_hash_of_its_link) {
  template_context context = about("a loft");
  context.token = "t0k-en_1";
  const email made = render(greeting, home, job, context);
  EXPECT_THAT(made.text, HasSubstr("/things/7#token=t0k-en_1\n"));
  EXPECT_THAT(made.text, HasSubstr("code t0k-en_1\n"));
  EXPECT_THAT(made.html, HasSubstr("#token=t0k-en_1\""));
}

TEST(mail_template, takes_what_somebody_is_called_for_no_html_and_no_template) {
  template_context context = about("<b>\nand {link} & {token}");
  context.name = "<img src=x onerror='1'> {token}";
  context.token = "secret";
  const email made = render(greeting, home, job, context);
  EXPECT_THAT(made.html, HasSubstr("Hello &lt;img src=x onerror=&#39;1&#39;&gt; {token},"));
  EXPECT_THAT(made.html, HasSubstr("&lt;b&gt;<br>\nand {link} &amp; {token}"));
  EXPECT_THAT(made.html, Not(HasSubstr("<img")));
  EXPECT_THAT(made.text, HasSubstr("Hello <img src=x onerror='1'> {token},"));
}

TEST(mail_template, greets_somebody_without_a_name_and_signs_for_a_sender_without_one) {
  template_context context = about("a loft");
  context.name = {};
  const email made = render(greeting, {{"", "hello@example.org"}, home.public_url}, job, context);
  EXPECT_THAT(made.text, HasSubstr("Hello there,"));
  EXPECT_THAT(made.text, HasSubstr("-- \nexample.org\n"));
}

TEST(mail_template, ends_its_kind_by_one_click_where_one_may_do_without) {
  template_context context = about("a loft");
  context.unsubscribe_url = "https://spaces.example.org/u?token=a&b";
  const email made = render(greeting, home, job, context);
  EXPECT_THAT(made.fields, ElementsAre(Pair("List-Unsubscribe", "<https://spaces.example.org/u?token=a&b>"),
                                       Pair("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")));
  EXPECT_THAT(made.text, HasSubstr("No more e-mails of this kind: https://spaces.example.org/u?token=a&b\n"));
  EXPECT_THAT(made.html, HasSubstr("<a href=\"https://spaces.example.org/u?token=a&amp;b\">"));
}

TEST(mail_template, gives_a_job_one_message_id_at_every_try) {
  const std::string once = render(greeting, home, job, about("a loft")).message_id;
  EXPECT_EQ(once, to_text(job) + "@example.org");
  EXPECT_EQ(render(greeting, home, job, about("another")).message_id, once);
  const site elsewhere{{"", "hello@m\u00fcller.example"}, home.public_url};
  EXPECT_EQ(elsewhere.message_id_of(job), to_text(job) + "@localhost") << "only ASCII may stand there";
}

}  // namespace
}  // namespace spaces::mail
