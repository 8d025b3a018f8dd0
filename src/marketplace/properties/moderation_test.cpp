#include "marketplace/properties/properties.hpp"
#include "scenario/emails.hpp"
#include "scenario/inquiring.hpp"

#include <gmock/gmock.h>

namespace spaces::test {
namespace {

using namespace properties;
using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* all = "/api/v1/properties";
constexpr const char* loft = "/api/v1/properties/{loft}";
constexpr const char* mine = "/api/v1/properties?owner=me";

uuid id_in(scenario& s, const char* name) { return *parse_uuid(s.filled(std::string("{") + name + '}')); }
instant soon(scenario& s) { return s.place().clock().now() + 10s; }

TEST(Moderation, TakenDownIsSeenByItsOwnerAloneWithTheReason) {
  scenario s{"a listing that is taken down leaves lists, pages and searches, and comes back as it was"};
  s.given(seller("ann"), buyer("ben"), listing("loft", by("ann"), status::pending), listing("barn", by("ann")));
  ASSERT_TRUE(s.place().listings().take_down(id_in(s, "loft"), {" Stock photographs "}, soon(s)));
  s.when(get(loft).as("ben")).then(404, problem("not-found"));
  s.when(get("/api/v1/properties?status=pending").as("ben")).then(200, lists({}), last_page());
  s.when(get("/api/v1/properties?status=pending&city=Seattle&sort=price").as("ben")).then(200, lists({}));
  s.when(get("/api/v1/properties?status=taken-down").as("ben")).then(422, errors({{"status", "not-a-choice"}}));
  s.when(post("/api/v1/inquiries", R"({"propertyId":"{loft}","message":"Is it free?"})").as("ben"))
      .then(404, problem("not-found"));
  s.when(get(loft).as("ann"))
      .then(200, shows("/status", "\"taken-down\""), shows("/takedownReason", "\"Stock photographs\""),
            shows("/version", "2"), shows("/statusBefore", ""));
  s.when(get(mine + std::string("&status=taken-down")).as("ann"))
      .then(200, lists({"loft"}), shows("/items/0/takedownReason", "\"Stock photographs\""));
  // The owner may correct it, not show it.
  s.when(patch(loft, R"({"title":"With our own photographs"})").as("ann"))
      .then(200, shows("/status", "\"taken-down\""), shows("/version", "3"));
  for (const char* status : {"active", "draft", "pending"})
    s.when(patch(loft, R"({"status":")" + std::string(status) + "\"}").as("ann"))
        .then(409, problem("listing-taken-down"));

  // What was read can be sent back.
  s.when(patch(loft, R"({"status":"taken-down","takedownReason":"Stock photographs"})").as("ann")).then(200);
  s.when(patch(loft, R"({"takedownReason":"none"})").as("ann")).then(422, errors({{"/takedownReason", "fixed"}}));
  s.when(patch("/api/v1/properties/{barn}", R"({"status":"taken-down"})").as("ann"))
      .then(422, errors({{"/status", "not-a-choice"}}));

  EXPECT_EQ(s.place().listings().restore(id_in(s, "barn"), {"It is yours"}, soon(s)).error().kind,
            error_kind::conflict);
  ASSERT_TRUE(s.place().listings().restore(id_in(s, "loft"), {"It is yours"}, soon(s)));
  s.when(get(loft).as("ben")).then(200, shows("/status", "\"pending\""), shows("/takedownReason", ""));
  s.when(get(loft).as("ann")).then(200, shows("/takedownReason", "null"));
  s.when(get("/api/v1/properties?status=pending").as("ben")).then(200, lists({"loft"}));
}

TEST(Moderation, TellsTheOwnerTheReasonOnce) {
  scenario s{"an e-mail for each reason, to the owner alone"};
  s.given(seller("ann"), listing("loft", by("ann"), with("title", "\"Loft & <garden>\"")));
  open_account(s, {"ann"});
  ASSERT_TRUE(s.place().listings().take_down(id_in(s, "loft"), {"Not <yours>"}, soon(s)));
  ASSERT_FALSE(s.place().listings().take_down(id_in(s, "loft"), {"Not <yours>"}, soon(s)));
  std::vector<std::string> emails = sent(s);
  ASSERT_EQ(emails.size(), 1U);
  EXPECT_EQ(header(emails[0], "To"), "<ann@mail.example>");
  EXPECT_EQ(header(emails[0], "Subject"), "Taken down: Loft & <garden>");
  EXPECT_THAT(emails[0], HasSubstr("Not <yours>"));
  EXPECT_THAT(emails[0], HasSubstr("Not &lt;yours&gt;"));
  ASSERT_TRUE(s.place().listings().take_down(id_in(s, "loft"), {"Still not yours"}, soon(s)));
  EXPECT_EQ(sent(s).size(), 1U);
}

TEST(Moderation, TellsTheOwnerOfARestorationAndItsReason) {
  scenario s{"who was told that a listing went hears that it is back, and who sees it"};
  s.given(seller("ann"), listing("loft", by("ann")), listing("barn", by("ann"), status::draft),
          listing("hut", by("ann")));
  open_account(s, {"ann"});
  properties::properties& listings = s.place().listings();
  const auto told_of = [&](const char* name) {
    EXPECT_TRUE(listings.take_down(id_in(s, name), {"Stock photographs"}, soon(s)));
    EXPECT_EQ(sent(s).size(), 1U);
    EXPECT_TRUE(listings.restore(id_in(s, name), {"They <are> yours"}, soon(s)));
    const std::vector<std::string> emails = sent(s);
    EXPECT_EQ(emails.size(), 1U);
    return emails.empty() ? "" : emails[0];
  };
  const std::string public_again = told_of("loft");
  EXPECT_EQ(header(public_again, "To"), "<ann@mail.example>");
  EXPECT_EQ(header(public_again, "Subject"), "No longer taken down: Light-filled loft");
  EXPECT_THAT(public_again, HasSubstr("They <are> yours"));
  EXPECT_THAT(public_again, HasSubstr("They &lt;are&gt; yours"));
  EXPECT_THAT(public_again, HasSubstr("Others see it again."));
  EXPECT_THAT(told_of("barn"), HasSubstr("Nobody but you sees it until you publish it."));
  ASSERT_TRUE(listings.hide_all(id_of("ann"), soon(s)));
  EXPECT_THAT(told_of("hut"), HasSubstr("Others see it when your account is open again."));
  ASSERT_TRUE(listings.unhide_all(id_of("ann"), soon(s)));
  EXPECT_EQ(sent(s).size(), 0U) << "the e-mail about the account tells of it";
}

TEST(Moderation, IsOneTransactionWithItsAuditEntry) {
  scenario s{"what an operator does is never without its entry, nor the entry without it"};
  s.given(seller("ann"), listing("loft", by("ann")));
  properties::properties& listings = s.place().listings();
  const table::key witness{"AUDIT#x", "ENTRY"};
  const auto decided = [&](const table::condition& holds) {
    record::item kept;
    kept.append(table::name::entity_type, record::value::of(std::string_view("AuditEntry")));
    return properties::operator_decision{"Stolen", {table::put{witness, kept, {holds}}}};
  };
  const auto is_kept = [&] { return s.place().table().get(witness, {}).value().has_value(); };
  // The entry cannot be written: nothing is done.
  EXPECT_FALSE(listings.take_down(id_in(s, "loft"), decided(table::exists{}), s.place().clock().now()));
  s.when(get(loft).as("ann")).then(200, shows("/status", "\"active\""));
  EXPECT_FALSE(listings.restore(id_in(s, "loft"), decided(table::absent{}), soon(s))) << "it is not taken down";
  EXPECT_FALSE(is_kept()) << "and nothing says that it was restored";
  EXPECT_TRUE(listings.take_down(id_in(s, "loft"), decided(table::absent{}), soon(s)));
  EXPECT_TRUE(is_kept());
  EXPECT_FALSE(listings.restore(id_in(s, "loft"), decided(table::absent{}), s.place().clock().now()));
  s.when(get(loft).as("ann")).then(200, shows("/status", "\"taken-down\""));
  EXPECT_TRUE(listings.restore(id_in(s, "loft"), decided(table::exists{}), soon(s)));
  s.when(get(loft).as("ann")).then(200, shows("/status", "\"active\""));
}

TEST(Moderation, DemandsAReason) {
  scenario s{"another reason replaces the first, the same once more is told to be there"};
  s.given(seller("ann"), listing("loft", by("ann")));
  const auto take_down = [&](std::string reason) {
    return s.place().listings().take_down(id_in(s, "loft"), {std::move(reason)}, soon(s));
  };
  for (const std::string& reason : {std::string(), std::string("  "), std::string(501, 'x'), std::string("a\x01b"),
                                    std::string("\u200B"), std::string("a\u202Eb"), std::string("\xFF")}) {
    EXPECT_EQ(take_down(reason).error().kind, error_kind::invalid) << reason;
    EXPECT_EQ(s.place().listings().restore(id_in(s, "loft"), {reason}, soon(s)).error().kind, error_kind::invalid);
  }
  EXPECT_TRUE(take_down(std::string(500, 'x')));
  EXPECT_TRUE(take_down("Sold twice"));
  EXPECT_EQ(take_down(" Sold twice").error().kind, error_kind::conflict);
  s.when(get(loft).as("ann")).then(200, shows("/version", "3"), shows("/takedownReason", "\"Sold twice\""));
  EXPECT_EQ(s.place().listings().take_down(uuid{}, {"Sold twice"}, soon(s)).error().kind, error_kind::not_found);
  s.when(remove(loft).as("ann")).then(204);
}

TEST(Moderation, OfASuspendedPersonStacksWithTakingDown) {
  scenario s{"what hides a person's listings is taken back by itself, in any order"};
  s.given(seller("ann"), seller("sue"), listing("loft", by("ann")), listing("barn", by("ann")),
          listing("draft", by("ann"), status::draft), listing("hut", by("sue")));
  properties::properties& listings = s.place().listings();
  ASSERT_TRUE(listings.take_down(id_in(s, "barn"), {"Not yours"}, soon(s)));
  ASSERT_TRUE(listings.hide_all(id_of("ann"), soon(s)));
  ASSERT_TRUE(listings.hide_all(id_of("ann"), soon(s)));
  s.when(get(all).as("sue")).then(200, lists({"hut"}), last_page());
  s.when(get(loft).as("sue")).then(404);
  s.when(get(loft).as("ann")).then(200, shows("/status", "\"suspended\""), shows("/version", "2"));

  ASSERT_TRUE(listings.restore(id_in(s, "barn"), {"It is yours"}, soon(s)));
  s.when(get(all).as("sue")).then(200, lists({"hut"}));
  ASSERT_TRUE(listings.take_down(id_in(s, "loft"), {"Stolen"}, soon(s)));
  ASSERT_TRUE(listings.unhide_all(id_of("ann"), soon(s)));
  s.when(get(all).as("sue")).then(200, lists({"hut", "barn"}));
  ASSERT_TRUE(listings.restore(id_in(s, "loft"), {"It is yours"}, soon(s)));
  s.when(get(all).as("sue")).then(200, lists({"hut", "barn", "loft"}));
  s.when(get("/api/v1/properties/{draft}").as("ann")).then(200, shows("/status", "\"draft\""), shows("/version", "1"));
}

TEST(Moderation, ShowsAnOperatorWhatIsHidden) {
  scenario s{"somebody's listings of any status, or all that are taken down"};
  s.given(seller("ann"), seller("sue"), listing("loft", by("ann")), listing("draft", by("ann"), status::draft),
          listing("hut", by("sue")));
  properties::properties& listings = s.place().listings();
  ASSERT_TRUE(listings.take_down(id_in(s, "hut"), {"Stolen"}, soon(s)));
  ASSERT_TRUE(listings.take_down(id_in(s, "loft"), {"Stolen"}, soon(s)));
  const auto shown = [&](const operator_query& which) {
    std::vector<std::string> names;
    const auto visited = listings.visit_for_operator(which, [&](const property& p) {
      names.push_back(s.name_of(to_text(p.id)));
      return true;
    });
    EXPECT_TRUE(visited);
    return names;
  };
  EXPECT_THAT(shown({}), testing::ElementsAre("hut", "loft"));
  EXPECT_THAT(shown({.owner = id_of("ann")}), testing::ElementsAre("draft", "loft"));
  EXPECT_THAT(shown({.owner = id_of("ann"), .status = status::draft}), testing::ElementsAre("draft"));
  EXPECT_THAT(shown({.status = status::taken_down, .limit = 1}), testing::ElementsAre("hut"));
}

}  // namespace
}  // namespace spaces::test
