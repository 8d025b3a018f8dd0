// E-mails to addresses that are not confirmed have no name: anybody may have registered them, and written what they
// like there. Every kind of e-mail that there is, and a kind that is new, too.
#include "app/open_mailer.hpp"
#include "marketplace/accounts/user.hpp"
#include "platform/feature/assembly.hpp"
#include "scenario/emails.hpp"
#include "scenario/login.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace spaces::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Ann sells the loft, ben inquired about it and was answered; both have names that stand nowhere else.
struct email_names : testing::Test {
  scenario s{"no stranger's text goes to an address that nobody has confirmed"};
  std::map<std::string, std::string> emails;  ///< by kind

  void SetUp() override {
    for (const auto& [who, name, type] : {std::tuple{"ann", "Zebulon", "seller"}, {"ben", "Yolanda", "buyer"}}) {
      s.when(post("/api/v1/auth/register", body_of({{"email", who + std::string("@example.com")},
                                                    {"password", password},
                                                    {"name", name},
                                                    {"userType", type}})));
      s.then(201, keep(who, "/id")).when(log_in(who + std::string("@example.com")));
      s.then(200, keep(who + std::string("s_token"), "/access_token"));
    }
    s.when(holding(post("/api/v1/properties", listing("", by("")).body()), "{anns_token}"))
        .then(201, keep("loft", "/id"));
    s.when(holding(post("/api/v1/inquiries", body_of({{"propertyId", "{loft}"}, {"message", "May I see it?"}})),
                   "{bens_token}"));
    s.then(201, keep("inquiry", "/id"));
    s.when(holding(put("/api/v1/inquiries/{inquiry}", body_of({{"response", "On Sunday"}})), "{anns_token}")).then(200);
    sent(s);
  }

  void confirm(const char* who) {
    const uuid id = *parse_uuid(s.filled(std::string("{") + who + '}'));
    const table::key where = accounts::key_of(id);
    accounts::user one = *accounts::to_user(s.place().table().get(where, table::consistency::strong).value()->view());
    one.verified = true;
    ASSERT_TRUE(s.place().table().write({table::put{where, accounts::to_item(one), {}}}));
  }

  /// What any of the handlers needs, for ann to read.
  record::item details_for(std::string_view kind) {
    record::item made;
    const auto add = [&](std::string_view name, const std::string& text) {
      made.append(name, record::value::of(std::string_view(text)));
    };
    add("email", "ann@example.com");
    add("user", s.filled("{ann}"));
    add("to", kind == app::test_email_kind ? "ann@example.com" : s.filled("{ann}"));
    add("inquiryId", s.filled("{inquiry}"));
    add("propertyId", s.filled("{loft}"));
    add("listing", "Light-filled loft");
    add("reason", "Why");
    add("status", "active");
    return made;
  }

  /// All of a feature but photographs, which send no e-mails.
  static std::vector<job_row> email_jobs_of(const feature& each) {
    return each.name == "images" ? std::vector<job_row>() : each.jobs;
  }

  /// Has every job of every feature done once for ann.
  void send_all_kinds() {
    emails.clear();
    for (const feature& each : s.place().features().features())
      for (const job_row& row : email_jobs_of(each)) {
        const auto done = row.handler(make_uuid_v7(s.place().clock().now()), details_for(row.kind).view());
        ASSERT_TRUE(done) << row.kind << " needs more than stands in `details_for`: " << done.error().private_text;
        std::string all;
        for (const std::string& email : sent(s)) all += email;
        EXPECT_NE(all, "") << row.kind << " sends no e-mail; one that should not be one is to be named here";
        emails[std::string(row.kind)] = all;
      }
    EXPECT_GE(emails.size(), 12U);
  }
};

TEST_F(email_names, are_in_none_to_an_address_that_is_not_confirmed) {
  send_all_kinds();
  for (const auto& [kind, text] : emails) {
    EXPECT_THAT(text, Not(HasSubstr("Zebulon"))) << kind;
    EXPECT_THAT(text, Not(HasSubstr("Yolanda"))) << kind << ": another's, too";
  }
}

TEST_F(email_names, are_in_those_to_one_that_is) {
  confirm("ann");
  // Not to be confirmed once more.
  emails.clear();
  for (const feature& each : s.place().features().features())
    for (const job_row& row : email_jobs_of(each)) {
      ASSERT_TRUE(row.handler(make_uuid_v7(s.place().clock().now()), details_for(row.kind).view())) << row.kind;
      for (const std::string& email : sent(s)) emails[std::string(row.kind)] += email;
    }
  EXPECT_FALSE(emails.contains("send-verification"));
  EXPECT_THAT(emails["notify-inquiry-arrived"], testing::AllOf(HasSubstr("Zebulon"), HasSubstr("Yolanda")));
  EXPECT_THAT(emails["notify-listing-taken-down"], HasSubstr("Zebulon"));
  EXPECT_THAT(emails["send-password-changed"], HasSubstr("Zebulon"));
  // One may ask for these at an address before it is confirmed; they are the same for all.
  EXPECT_THAT(emails["send-reset"], Not(HasSubstr("Zebulon")));
}

}  // namespace
}  // namespace spaces::test
