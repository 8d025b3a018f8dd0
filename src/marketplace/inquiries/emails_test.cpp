#include "marketplace/inquiries/emails.hpp"
#include "scenario/emails.hpp"
#include "scenario/inquiring.hpp"

#include <gmock/gmock.h>

#include <map>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// Path and query of the link that ends such e-mails.
std::string unsubscribe_target(const std::string& email) {
  const std::string link = header(email, "List-Unsubscribe");
  const std::size_t from = link.find("/api/");
  return from == std::string::npos ? "" : link.substr(from, link.size() - from - 1);
}

TEST(emails, notify_the_other_side_of_each_event_once) {
  scenario s{"arrived, answered, closed"};
  with_people(s);
  for (const char* name : {"ann", "ben"}) open_account(s, {name});
  s.when(post(all_inquiries, about("loft", "Is it quiet? <b>Ben</b>")).as("ben").with("Idempotency-Key", "k"))
      .then(201, keep("q", "/id"))
      .when(post(all_inquiries, about("loft", "Is it quiet? <b>Ben</b>")).as("ben").with("Idempotency-Key", "k"))
      .then(201)
      .when(post(all_inquiries, about("loft", "Again")).as("ben"))
      .then(409);
  std::vector<std::string> emails = sent(s);
  ASSERT_THAT(emails, SizeIs(1));
  EXPECT_EQ(header(emails[0], "To"), "<ann@mail.example>");
  EXPECT_EQ(header(emails[0], "Subject"), "A question about Light-filled loft");
  EXPECT_THAT(emails[0], HasSubstr("ben O'Hara asks about Light-filled loft"));
  EXPECT_THAT(emails[0], HasSubstr("Is it quiet? <b>Ben</b>"));
  EXPECT_THAT(emails[0], HasSubstr("Is it quiet? &lt;b&gt;Ben&lt;/b&gt;"));
  EXPECT_THAT(emails[0], Not(HasSubstr("ben@mail.example")));
  EXPECT_THAT(emails[0], Not(HasSubstr("Reply-To")));
  EXPECT_THAT(emails[0], Not(HasSubstr("2065550100")));

  s.when(put(one_inquiry, R"({"response":"Very"})").as("ann")).then(200);
  emails = sent(s);
  ASSERT_THAT(emails, SizeIs(1));
  EXPECT_EQ(header(emails[0], "To"), "<ben@mail.example>");
  EXPECT_THAT(emails[0], HasSubstr("Very"));
  EXPECT_THAT(emails[0], Not(HasSubstr("ann@mail.example")));

  s.when(put(one_inquiry, R"({"response":"Very, very"})").as("ann")).then(200);
  EXPECT_THAT(sent(s), SizeIs(0));  // an edited answer is no other event

  s.when(put(one_inquiry, R"({"status":"closed"})").as("ben")).then(200);
  emails = sent(s);
  ASSERT_THAT(emails, SizeIs(1));
  EXPECT_EQ(header(emails[0], "To"), "<ann@mail.example>");
  EXPECT_THAT(emails[0], Not(HasSubstr("ben@mail.example")));
}

TEST(emails, name_an_address_for_answers_only_where_its_owner_allows_that) {
  scenario s{"Reply-To is the asking person's choice"};
  with_people(s);
  open_account(s, {"ann", true});
  open_account(s, {"ben", true});
  s.when(post(all_inquiries, about("loft")).as("ben")).then(201, keep("q", "/id"));
  std::vector<std::string> emails = sent(s);
  ASSERT_THAT(emails, SizeIs(1));
  EXPECT_EQ(header(emails[0], "Reply-To"), "<ben@mail.example>");
  s.when(put(one_inquiry, R"({"response":"Yes","status":"closed"})").as("ann")).then(200);
  emails = sent(s);
  ASSERT_THAT(emails, SizeIs(2));  // answered and closed
  for (const std::string& email : emails) {
    EXPECT_EQ(header(email, "To"), "<ben@mail.example>");
    EXPECT_EQ(header(email, "Reply-To"), "");
    EXPECT_THAT(email, Not(HasSubstr("ann@mail.example")));
  }
}

TEST(emails, end_by_one_click_or_in_the_profile) {
  scenario s{"List-Unsubscribe as RFC 8058 has it"};
  with_people(s).given(listing("barn", by("ann")), listing("shed", by("ann")));
  for (const char* name : {"ann", "ben"}) open_account(s, {name});
  s.when(post(all_inquiries, about("loft")).as("ben")).then(201, keep("q", "/id"));
  const std::vector<std::string> emails = sent(s);
  ASSERT_THAT(emails, SizeIs(1));
  EXPECT_EQ(header(emails[0], "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
  const std::string link = unsubscribe_target(emails[0]);
  ASSERT_NE(link, "");

  const auto one_click = [](const std::string& to) {
    return post(to, "List-Unsubscribe=One-Click").with("Content-Type", "application/x-www-form-urlencoded");
  };
  s.when(get(link))
      .then(200, field("Content-Type", "text/html; charset=utf-8"))
      .when(get("/api/v1/users/me").as("ann"))
      .then(200, shows("/mailOnInquiry", "true"))  // looking ends nothing
      .when(one_click(link))
      .then(200)
      .when(one_click(link))
      .then(200)
      .when(get("/api/v1/users/me").as("ann"))
      .then(200, shows("/mailOnInquiry", "false"), shows("/mailOnClosing", "true"), shows("/version", "2"))
      .when(post(all_inquiries, about("barn", "Hello?")).as("ben"))
      .then(201);
  EXPECT_THAT(sent(s), SizeIs(0));
  s.when(put(one_inquiry, R"({"status":"closed"})").as("ben")).then(200);
  EXPECT_THAT(sent(s), SizeIs(1));  // another kind
  s.when(put("/api/v1/users/me", R"({"mailOnInquiry":true})").as("ann"))
      .then(200)
      .when(post(all_inquiries, about("shed", "Hello!")).as("ben"))
      .then(201);
  EXPECT_THAT(sent(s), SizeIs(1));

  std::string forged = link;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  for (const std::string& wrong : {forged, std::string("/api/v1/unsubscribe?token=x"),
                                   std::string("/api/v1/unsubscribe"), link.substr(0, link.size() - 4)}) {
    s.when(one_click(wrong)).then(404, problem("not-found"));
    s.when(get(wrong)).then(404);
  }
}

struct choice_row {
  const char* setting;
  const char* reader;
  const char* subject;
};

constexpr choice_row choice_rows[] = {
    {"mailOnInquiry", "ann", "A question about Light-filled loft"},
    {"mailOnAnswer", "ben", "An answer about Light-filled loft"},
    {"mailOnClosing", "ben", "Closed: the inquiry about Light-filled loft"},
};

/// ben inquires about a listing, ann answers and closes: what is told of that, by subject.
std::map<std::string, std::string> notifications_of(scenario& s, const char* listing) {
  s.when(post(all_inquiries, about(listing, listing)).as("ben"))
      .then(201, keep("q", "/id"))
      .when(put(one_inquiry, R"({"response":"Yes"})").as("ann"))
      .then(200)
      .when(put(one_inquiry, R"({"status":"closed"})").as("ann"))
      .then(200);
  std::map<std::string, std::string> by_subject;
  for (const std::string& email : sent(s)) EXPECT_TRUE(by_subject.emplace(header(email, "Subject"), email).second);
  return by_subject;
}

TEST(emails, of_each_kind_end_on_their_own) {
  for (const choice_row& row : choice_rows) {
    for (const bool by_link : {false, true}) {
      scenario s{row.setting};
      with_people(s).given(listing("barn", by("ann")), listing("shed", by("ann")));
      for (const char* name : {"ann", "ben"}) open_account(s, {name});
      std::map<std::string, std::string> emails = notifications_of(s, "loft");
      ASSERT_THAT(emails, SizeIs(3));
      if (by_link)
        s.when(post(unsubscribe_target(emails[row.subject]), "List-Unsubscribe=One-Click")
                   .with("Content-Type", "application/x-www-form-urlencoded"))
            .then(200);
      else
        s.when(put("/api/v1/users/me", "{\"" + std::string(row.setting) + "\":false}").as(row.reader)).then(200);
      for (const char* name : {"ann", "ben"})
        for (const choice_row& each : choice_rows) {
          const bool off = each.setting == row.setting && std::string_view(name) == row.reader;
          s.when(get("/api/v1/users/me").as(name))
              .then(200, shows('/' + std::string(each.setting), off ? "false" : "true"));
        }
      emails = notifications_of(s, "barn");
      EXPECT_THAT(emails, SizeIs(2));
      EXPECT_FALSE(emails.contains(row.subject));
      // The end of a listing is the end of its inquiries.
      s.when(post(all_inquiries, about("shed")).as("ben")).then(201);
      sent(s);
      s.when(remove("/api/v1/properties/{shed}").as("ann")).then(204);
      EXPECT_THAT(sent(s), SizeIs(std::string_view(row.setting) == "mailOnClosing" ? 0 : 1));
    }
  }
}

TEST(emails, go_to_nobody_who_has_left) {
  scenario s{"no account, no e-mail, and nothing stays behind"};
  with_question(s);
  EXPECT_THAT(sent(s), SizeIs(0));
  const auto waiting = jobs::count(s.place().table());
  ASSERT_TRUE(waiting);
  EXPECT_TRUE(waiting->by_kind.empty());
}

TEST(contacts, are_the_owners_to_see_as_they_are_now) {
  scenario s{"the inquirer, to the listing's owner"};
  with_people(s);
  open_account(s, {"ben"});
  s.when(post(all_inquiries, about("loft")).as("ben"))
      .then(201, keep("q", "/id"))
      .when(get(one_inquiry).as("ann"))
      .then(200, shows("/inquirerName", "\"ben O'Hara\""), shows("/inquirerEmail", "\"ben@mail.example\""),
            shows("/inquirerPhoneNumber", "\"+12065550100\""))
      .when(get(all_inquiries).as("ann"))
      .then(200, shows("/items/0/inquirerName", "\"ben O'Hara\""),
            shows("/items/0/inquirerEmail", "\"ben@mail.example\""),
            shows("/items/0/inquirerPhoneNumber", "\"+12065550100\""))
      .when(put("/api/v1/users/me", R"({"name":"Ben Carter","phoneNumber":null})").as("ben"))
      .then(200)
      .when(get(one_inquiry).as("ann"))
      .then(200, shows("/inquirerName", "\"Ben Carter\""), shows("/inquirerPhoneNumber", "null"))
      .when(get(one_inquiry).as("ben"))
      .then(200, shows("/inquirerName", ""))
      .when(get("/api/v1/inquiries?box=sent").as("ben"))
      .then(200, shows("/items/0/inquirerName", ""));
  const auto gone = s.place().table().write({table::remove{accounts::key_of(id_of("ben")), {}}});
  ASSERT_TRUE(gone && !*gone);
  s.when(get(one_inquiry).as("ann"))
      .then(200, shows("/inquirerName", "null"), shows("/inquirerEmail", "null"),
            shows("/message", "\"May I see it on Saturday?\""))
      .when(get(all_inquiries).as("ann"))
      .then(200, lists({"q"}), shows("/items/0/inquirerEmail", "null"));
}

TEST(closing, follows_the_deletion_of_the_listing) {
  scenario s{"inquiries of a deleted listing are closed, and the inquirer is told"};
  with_people(s).given(listing("barn", by("ann")));
  for (const char* name : {"ann", "ben", "cid"}) open_account(s, {name});
  s.when(post(all_inquiries, about("loft")).as("ben"))
      .then(201, keep("q", "/id"))
      .when(post(all_inquiries, about("loft")).as("cid"))
      .then(201, keep("q2", "/id"))
      .when(post(all_inquiries, about("barn")).as("cid"))
      .then(201, keep("q3", "/id"))
      .when(put("/api/v1/inquiries/{q2}", R"({"status":"closed"})").as("cid"))
      .then(200);
  sent(s);
  s.when(remove("/api/v1/properties/{loft}").as("ann")).then(204);
  const std::vector<std::string> emails = sent(s);
  ASSERT_THAT(emails, SizeIs(1));
  EXPECT_EQ(header(emails[0], "To"), "<ben@mail.example>");
  EXPECT_EQ(header(emails[0], "Subject"), "No longer offered: Light-filled loft");
  for (const char* other : {"ann@mail.example", "cid@mail.example"}) EXPECT_THAT(emails[0], Not(HasSubstr(other)));
  s.when(get(one_inquiry).as("ben"))
      .then(200, shows("/status", "\"closed\""), shows("/version", "2"),
            shows("/propertyTitle", "\"Light-filled loft\""))
      .when(get("/api/v1/inquiries/{q2}").as("cid"))
      .then(200, shows("/version", "2"))
      .when(get("/api/v1/inquiries/{q3}").as("cid"))
      .then(200, shows("/status", "\"new\""))
      .when(get("/api/v1/inquiries?status=new").as("ann"))
      .then(200, lists({"q3"}));
  EXPECT_THAT(sent(s), SizeIs(0));
}

}  // namespace
}  // namespace spaces::test
