// What is left of a person who leaves: nothing but what the features' rows say (feature.hpp: entity_row). That every
// entity has such a row is held by every scenario (test/scenario/market.hpp).
#include "platform/feature/assembly.hpp"
#include "scenario/inquiring.hpp"
#include "scenario/login.hpp"
#include "scenario/pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;

struct left_behind : testing::Test {
  scenario s{"everything that one person can leave behind"};

  void SetUp() override {
    for (const char* name : {"ann", "ben"}) {
      const std::string email = std::string(name) + "@mail.example";
      s.when(register_user(email)).then(201, keep(name, "/id"));
      s.when(log_in(email)).then(200, keep(std::string(name) + "'s", "/access_token"));
    }
    act("ann", "ben", "loft");
    act("ben", "ann", "shed");
    s.place().do_jobs();
  }

  /// `who` publishes `what`, about which `other` inquires; each reports the inquiry, and `who` blocks the other.
  void act(const std::string& who, const std::string& other, const std::string& what) {
    s.when(holding(post("/api/v1/properties", listing("", by("")).body()), token(who))
               .with("Idempotency-Key", "\"" + what + "\""))
        .then(201, keep(what, "/id"));
    s.when(holding(post(all_inquiries, about(what, "Is it still to be had?")), token(other)))
        .then(201, keep("asked", "/id"));
    for (const std::string& side : {who, other})
      s.when(holding(post(all_inquiries + std::string("/{asked}/report"), R"({"reason":"rude"})"), token(side)))
          .then(204);
    s.when(holding(post("/api/v1/properties/{" + what + "}/images", announcing("of " + what)), token(who))).then(201);
    s.when(holding(post("/api/v1/users/me/blocks", R"({"userId":"{)" + other + R"(}"})"), token(who))).then(201);
    s.when(post("/api/v1/auth/forgot-password", body_of({{"email", who + "@mail.example"}}))).then(202);
  }
  static std::string token(const std::string& who) { return "{" + who + "'s}"; }

  /// Types of the entities that hold the text, in a key or an attribute.
  std::set<std::string> holding_text(const std::string& text) {
    std::set<std::string> types;
    const auto walked = s.place().table().walk({}, [&](table::key_view key, record::item_view item) {
      const bool held = key.pk.find(text) != std::string_view::npos || key.sk.find(text) != std::string_view::npos ||
                        item.bytes().find(text) != std::string_view::npos;
      if (held) types.insert(std::string(item.find(table::name::entity_type).text));
      return true;
    });
    EXPECT_TRUE(walked);
    return types;
  }
};

TEST_F(left_behind, a_person_who_left_is_only_where_a_row_says_why) {
  const std::string id = s.filled("{ann}");
  const std::set<std::string> before = holding_text(id);
  for (const char* type : {"User", "Property", "Image", "UploadCounts", "Inquiry", "Block", "Report"})
    EXPECT_TRUE(before.contains(type)) << type << " is what this test is about";

  call leaves = holding(remove("/api/v1/users/me"), token("ann"));
  leaves.body = body_of({{"password", password}});
  s.when(leaves).then(204);
  s.place().do_jobs();
  s.after(61s);
  s.place().do_jobs();

  std::map<std::string, entity_row> rows;
  for (const entity_row& row : s.place().features().entities()) rows[std::string(row.type)] = row;
  for (const std::string& text : {id, std::string("ann@mail.example")})
    for (const std::string& type : holding_text(text)) {
      EXPECT_NE(rows[type].when_left, entity_row::fate::erased) << type << " still holds " << text;
      EXPECT_NE(rows[type].why, "") << type << " is not erased, and its row does not say why";
    }
  EXPECT_FALSE(holding_text("ann@mail.example").contains("Inquiry"));
}

TEST_F(left_behind, what_is_not_erased_says_why) {
  for (const entity_row& row : s.place().features().entities())
    EXPECT_TRUE(row.when_left == entity_row::fate::erased || !row.why.empty()) << row.type;
}

}  // namespace
}  // namespace spaces::test
