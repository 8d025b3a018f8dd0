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
  ASSERT_TRUE(s.place().listings().take_down(id_in(s, "loft"), " Stock photographs ", soon(s)));
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

  EXPECT_EQ(s.place().listings().restore(id_in(s, "barn"), soon(s)).error().kind, error_kind::conflict);
  ASSERT_TRUE(s.place().listings().restore(id_in(s, "loft"), soon(s)));
  s.when(get(loft).as("ben")).then(200, shows("/status", "\"pending\""), shows("/takedownReason", ""));
  s.when(get(loft).as("ann")).then(200, shows("/takedownReason", "null"));
  s.when(get("/api/v1/properties?status=pending").as("ben")).then(200, lists({"loft"}));
}

TEST(Moderation, TellsTheOwnerTheReasonOnce) {
  scenario s{"an e-mail for each reason, to the owner alone"};
  s.given(seller("ann"), listing("loft", by("ann"), with("title", "\"Loft & <garden>\"")));
  open_account(s, {"ann"});
  ASSERT_TRUE(s.place().listings().take_down(id_in(s, "loft"), "Not <yours>", soon(s)));
  ASSERT_TRUE(s.place().listings().take_down(id_in(s, "loft"), "Not <yours>", soon(s)));
  std::vector<std::string> emails = sent(s);
  ASSERT_EQ(emails.size(), 1U);
  EXPECT_EQ(header(emails[0], "To"), "<ann@mail.example>");
  EXPECT_EQ(header(emails[0], "Subject"), "Taken down: Loft & <garden>");
  EXPECT_THAT(emails[0], HasSubstr("Not <yours>"));
  EXPECT_THAT(emails[0], HasSubstr("Not &lt;yours&gt;"));
  ASSERT_TRUE(s.place().listings().take_down(id_in(s, "loft"), "Still not yours", soon(s)));
  EXPECT_EQ(sent(s).size(), 1U);
  ASSERT_TRUE(s.place().listings().restore(id_in(s, "loft"), soon(s)));
  EXPECT_EQ(sent(s).size(), 0U);
}

TEST(Moderation, IsRepeatableAndDemandsAReason) {
  scenario s{"the same again changes nothing, another reason replaces the first"};
  s.given(seller("ann"), listing("loft", by("ann")));
  const auto take_down = [&](std::string_view reason) {
    return s.place().listings().take_down(id_in(s, "loft"), reason, soon(s));
  };
  for (const std::string& reason : {std::string(), std::string("  "), std::string(501, 'x'), std::string("a\x01b")})
    EXPECT_EQ(take_down(reason).error().kind, error_kind::invalid) << reason;
  EXPECT_TRUE(take_down(std::string(500, 'x')));
  EXPECT_TRUE(take_down("Sold twice"));
  EXPECT_TRUE(take_down("Sold twice"));
  s.when(get(loft).as("ann")).then(200, shows("/version", "3"), shows("/takedownReason", "\"Sold twice\""));
  EXPECT_EQ(s.place().listings().take_down(uuid{}, "Sold twice", soon(s)).error().kind, error_kind::not_found);
  s.when(remove(loft).as("ann")).then(204);
}

TEST(Moderation, OfASuspendedPersonStacksWithTakingDown) {
  scenario s{"what hides a person's listings is taken back by itself, in any order"};
  s.given(seller("ann"), seller("sue"), listing("loft", by("ann")), listing("barn", by("ann")),
          listing("draft", by("ann"), status::draft), listing("hut", by("sue")));
  properties::properties& listings = s.place().listings();
  ASSERT_TRUE(listings.take_down(id_in(s, "barn"), "Not yours", soon(s)));
  ASSERT_TRUE(listings.hide_all(id_of("ann"), soon(s)));
  ASSERT_TRUE(listings.hide_all(id_of("ann"), soon(s)));
  s.when(get(all).as("sue")).then(200, lists({"hut"}), last_page());
  s.when(get(loft).as("sue")).then(404);
  s.when(get(loft).as("ann")).then(200, shows("/status", "\"suspended\""), shows("/version", "2"));

  ASSERT_TRUE(listings.restore(id_in(s, "barn"), soon(s)));
  s.when(get(all).as("sue")).then(200, lists({"hut"}));
  ASSERT_TRUE(listings.take_down(id_in(s, "loft"), "Stolen", soon(s)));
  ASSERT_TRUE(listings.unhide_all(id_of("ann"), soon(s)));
  s.when(get(all).as("sue")).then(200, lists({"hut", "barn"}));
  ASSERT_TRUE(listings.restore(id_in(s, "loft"), soon(s)));
  s.when(get(all).as("sue")).then(200, lists({"hut", "barn", "loft"}));
  s.when(get("/api/v1/properties/{draft}").as("ann")).then(200, shows("/status", "\"draft\""), shows("/version", "1"));
}

TEST(Moderation, ShowsAnOperatorWhatIsHidden) {
  scenario s{"somebody's listings of any status, or all that are taken down"};
  s.given(seller("ann"), seller("sue"), listing("loft", by("ann")), listing("draft", by("ann"), status::draft),
          listing("hut", by("sue")));
  properties::properties& listings = s.place().listings();
  ASSERT_TRUE(listings.take_down(id_in(s, "hut"), "Stolen", soon(s)));
  ASSERT_TRUE(listings.take_down(id_in(s, "loft"), "Stolen", soon(s)));
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
