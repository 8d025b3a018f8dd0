// What an export has of inquiries, and what becomes of it when they leave.
#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/user_jobs.hpp"
#include "platform/jobs/jobs.hpp"
#include "scenario/emails.hpp"
#include "scenario/exports.hpp"
#include "scenario/inquiring.hpp"
#include "scenario/login.hpp"

#include <gmock/gmock.h>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

/// ann sells the loft, ben the shed, cid looks on; all have accounts. ben inquired about the loft, ann about the shed,
/// and cid about the loft.
struct people_with_accounts : testing::Test {
  scenario s{"accounts that have listings, inquiries, blocks and reports"};

  void SetUp() override {
    for (const char* name : {"ann", "ben", "cid"}) {
      const std::string email = std::string(name) + "@mail.example";
      s.when(register_user(email)).then(201, keep(name, "/id"));
      s.when(log_in(email)).then(200, keep(std::string(name) + "'s", "/access_token"));
    }
    publish("loft", "ann");
    publish("shed", "ben");
    inquire("loft", "ben", "Is it warm?", "warm");
    inquire("shed", "ann", "Is it dry?", "dry");
    inquire("loft", "cid", "Is it quiet?", "quiet");
    sent(s);  // what tells of all that
  }
  void publish(const std::string& name, const std::string& who) {
    s.when(holding(post("/api/v1/properties", listing("", by("")).body()), token(who))).then(201, keep(name, "/id"));
  }
  void inquire(const std::string& where, const std::string& who, const std::string& text, const std::string& name) {
    s.when(holding(post(all_inquiries, about(where, text)), token(who))).then(201, keep(name, "/id"));
    s.after(1s);
  }
  void block(const std::string& whom, const std::string& who) {
    const call request = post("/api/v1/users/me/blocks", R"({"userId":"{)" + whom + R"(}"})");
    s.when(holding(request, token(who))).then(201);
  }
  void leave(const std::string& who) {
    call account_deletion = holding(remove("/api/v1/users/me"), token(who));
    account_deletion.body = body_of({{"password", password}});
    s.when(account_deletion).then(204);
  }
  call inquiry_as(const std::string& name, const std::string& who) {
    return holding(get(all_inquiries + ("/{" + name + "}")), token(who));
  }
  static std::string token(const std::string& who) { return "{" + who + "'s}"; }

  /// Who was told what, "<address> subject".
  std::vector<std::string> notifications() {
    std::vector<std::string> lines;
    for (const std::string& email : sent(s)) lines.push_back(header(email, "To") + ' ' + header(email, "Subject"));
    return lines;
  }
  std::size_t keys_with(const std::string& pk, const std::string& sk) {
    std::size_t count = 0;
    const auto walked = s.place().table().walk(std::nullopt, [&](table::key_view key, record::item_view) {
      count += key.pk.starts_with(s.filled(pk)) && key.sk.starts_with(s.filled(sk)) ? 1 : 0;
      return true;
    });
    EXPECT_TRUE(walked);
    return count;
  }
};

TEST_F(people_with_accounts, are_told_all_that_is_held_about_them) {
  block("cid", "ann");
  const std::string why = R"({"reason":"It asks for a deposit."})";
  s.when(holding(post(all_inquiries + std::string("/{warm}/report"), why), token("ann"))).then(204);
  s.when(holding(put("/api/v1/users/me", R"({"mailOnClosing":false})"), token("ann"))).then(200);
  const auto of = [&](const std::string& who, const char* section) { return exported(s, token(who), section); };
  const auto id = [&](const char* name) { return HasSubstr(s.filled(name)); };
  EXPECT_THAT(of("ann", "user"),
              ElementsAre(AllOf(HasSubstr(R"("mailOnClosing":false)"), HasSubstr(R"("mailOnInquiry":true)"))));
  EXPECT_THAT(of("ann", "sessions"), ElementsAre(HasSubstr(R"("address":"127.0.0.1")")));
  EXPECT_THAT(of("ann", "properties"), ElementsAre(id("{loft}")));
  EXPECT_THAT(of("ann", "inquiriesSent"), ElementsAre(AllOf(id("{dry}"), HasSubstr("Is it dry?"))));
  EXPECT_THAT(of("ann", "inquiriesReceived"), ElementsAre(id("{quiet}"), id("{warm}")));
  EXPECT_THAT(of("ann", "blocks"), ElementsAre(id("{cid}")));
  EXPECT_THAT(of("ann", "reports"), ElementsAre(AllOf(id("{warm}"), HasSubstr("It asks for a deposit."))));
  const std::string whole = s.place().send(holding(get("/api/v1/users/me/export"), s.filled(token("ann")))).body;
  for (const char* other : {"ben@mail.example", "cid@mail.example", "inquirerEmail"})
    EXPECT_THAT(whole, Not(HasSubstr(other)));
  // Nothing of who blocked or reported somebody.
  EXPECT_THAT(of("cid", "inquiriesSent"), ElementsAre(id("{quiet}")));
  for (const char* section : {"inquiriesReceived", "blocks", "reports"}) EXPECT_THAT(of("cid", section), IsEmpty());
  EXPECT_THAT(of("ben", "reports"), IsEmpty());
}

TEST_F(people_with_accounts, leave_nothing_open_behind) {
  block("cid", "ann");
  ASSERT_EQ(keys_with("USER#{ann}", "BLOCK#"), 1u);
  ASSERT_EQ(keys_with("OPEN#", ""), 3u);
  leave("ann");
  EXPECT_THAT(notifications(), UnorderedElementsAre("<ben@mail.example> No longer offered: Light-filled loft",
                                                    "<cid@mail.example> No longer offered: Light-filled loft",
                                                    "<ben@mail.example> Closed: the inquiry about Light-filled loft"));
  EXPECT_EQ(keys_with("USER#{ann}", ""), 0u);
  EXPECT_EQ(keys_with("OPEN#", ""), 0u);
  s.when(inquiry_as("warm", "ben")).then(200, shows("/status", "\"closed\""), shows("/message", "\"Is it warm?\""));
  s.when(inquiry_as("dry", "ben"))
      .then(200, shows("/status", "\"closed\""), shows("/message", "\"Is it dry?\""), shows("/inquirerName", "null"),
            shows("/inquirerEmail", "null"), shows("/inquirerPhoneNumber", "null"));
  s.when(holding(get("/api/v1/properties/{shed}"), token("ben"))).then(200, shows("/openInquiryCount", "0"));
  s.when(holding(post(all_inquiries, about("loft")), token("cid"))).then(404);
}

TEST_F(people_with_accounts, are_forgotten_once_however_often_it_is_done) {
  leave("ann");
  notifications();
  const auto again = [&](const std::string& whose) {
    record::item details;
    details.append("user", record::value::of(std::string_view(s.filled(whose))));
    const instant now = s.place().clock().now();
    const table::put job = jobs::enqueue({accounts::forget_user_job, std::move(details)}, make_uuid_v7(now), now);
    const auto written = s.place().table().write({job});
    ASSERT_TRUE(written && !*written);
  };
  for (int time = 0; time < 2; ++time) {
    again("{ann}");
    EXPECT_THAT(notifications(), testing::IsEmpty());
  }
  s.when(inquiry_as("warm", "ben")).then(200, shows("/version", "2"));
  s.after(2min);  // the second time that a deleted account asks for
  EXPECT_THAT(notifications(), testing::IsEmpty());
  s.when(inquiry_as("dry", "ben")).then(200, shows("/version", "2"));
}

TEST_F(people_with_accounts, leave_nothing_that_an_index_showed_late) {
  leave("ann");
  notifications();
  // Of an instance that had not heard of the end.
  table::put late{{"USER#" + s.filled("{ann}"), "BLOCK#" + s.filled("{ben}")}, {}, {}};
  late.item.append(table::name::entity_type, record::value::of(std::string_view("Block")));
  late.item.append("GSI1PK", record::value::of(std::string_view("USER#" + s.filled("{ann}"))));
  late.item.append("GSI1SK", record::value::of(std::string_view("BLOCK#2026-11-22T08:00:00.000Z#x")));
  const auto written = s.place().table().write({late});
  ASSERT_TRUE(written && !*written);
  s.after(2min);
  notifications();
  EXPECT_EQ(keys_with("USER#{ann}", ""), 0u);
}

}  // namespace
}  // namespace spaces::test
