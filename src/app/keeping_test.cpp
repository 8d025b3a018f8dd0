// An answer belongs to its caller: every GET row of the route table, asked by several callers of one browser.
#include "platform/http/negotiation.hpp"
#include "scenario/emails.hpp"
#include "scenario/pictures.hpp"
#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace spaces::test {
namespace {

using http::kept_by;
using http::method;

/// What is asked for of a row: of one with an open segment there must be something, of others it is their path.
struct targets_row {
  std::string_view path;
  std::vector<std::string> targets;
};
const targets_row rows[] = {
    {"/api/v1/properties", {"/api/v1/properties", "/api/v1/properties?city=Seattle", "/api/v1/properties?owner=me"}},
    {"/api/v1/properties/{id}", {"/api/v1/properties/{loft}", "/api/v1/properties/{draft}"}},
    {"/api/v1/properties/{id}/images", {"/api/v1/properties/{loft}/images", "/api/v1/properties/{draft}/images"}},
    {"/api/v1/inquiries", {"/api/v1/inquiries", "/api/v1/inquiries?box=sent", "/api/v1/inquiries?box=received"}},
    {"/api/v1/inquiries/{id}", {"/api/v1/inquiries/{inquiry}"}},
    {"/api/v1/unsubscribe", {"{link}"}},
    {"/media/{key}", {"/media/ab/0123/640.webp"}},
};

std::vector<std::string> targets_of(const http::route& row) {
  for (const targets_row& one : rows)
    if (one.path == row.path) return one.targets;
  if (row.path.find('{') == std::string_view::npos) return {std::string(row.path)};
  ADD_FAILURE() << row.path << " has no row in src/app/keeping_test.cpp: what is asked for?";
  return {};
}

class an_answer : public testing::Test {
 protected:
  scenario s{"an answer belongs to its caller", {.public_listings = true}};
  std::map<std::string, std::string> tokens{{"nobody", ""}};
  /// By target: what has been shown under which tag, to whomever and whenever.
  std::map<std::string, std::map<std::string, std::string>> shown;
  std::set<std::string> answered;

  an_answer() {
    for (const std::string name : {"owner", "buyer", "agent"}) {
      const std::string type = name == "owner" ? "seller" : name;
      const std::string word = R"(,"password":"Correct-Horse-7")";
      const std::string email = R"({"email":")" + name + R"(@example.com")" + word;
      s.when(post("/api/v1/auth/register", email + R"(,"name":"Somebody","userType":")" + type + "\"}")).then(201);
      s.when(post("/api/v1/auth/login", email + "}")).then(200, keep("token", "/access_token"));
      tokens[name] = s.filled("{token}");
    }
    publish("loft", "active");
    publish("draft", "draft");
    // Its owner sees a picture that others do not.
    s.when(by(post("/api/v1/properties/{loft}/images", test::announcing("a kitchen")), "owner")).then(201);
    EXPECT_TRUE(s.place().bucket().put("media/ab/0123/640.webp", "a picture", {.content_type = "image/webp"}));
    inquire("buyer", "inquiry");
    for (const std::string& email : sent(s)) {
      const std::string link = header(email, "List-Unsubscribe");
      if (const std::size_t from = link.find("/api/"); from != std::string::npos)
        s.name("link", link.substr(from, link.size() - from - 1));
    }
  }

  call by(call request, const std::string& who) {
    return who == "nobody" ? request : std::move(request).with("Authorization", "Bearer " + tokens.at(who));
  }
  void publish(const std::string& name, const std::string& status) {
    s.when(by(post("/api/v1/properties", R"({"title":"Light-filled loft","price":450000,"city":"Seattle","state":"WA",)"
                                         R"("zipCode":"98101","status":")" +
                                             status + "\"}"),
              "owner"))
        .then(201, keep(name, "/id"));
  }
  void inquire(const std::string& who, const std::string& name) {
    s.when(
         by(post("/api/v1/inquiries", R"({"propertyId":"{loft}","message":"May I see it, says )" + who + "?\"}"), who))
        .then(201, keep(name, "/id"));
  }
  answer send(method verb, const std::string& target, const std::string& who, const std::string& tag = {}) {
    call request = by({verb, s.filled(target), {}, {}, {}}, who);
    if (!tag.empty()) request.fields.emplace_back("If-None-Match", tag);
    return s.place().send(request);
  }

  /// Whatever anybody may have kept of this target: tags that were seen, the first, any.
  std::set<std::string> tags_of(const std::string& target) {
    std::set<std::string> tags{"*", "\"v1\"", "W/\"v1\"", "\"v1-gzip\""};
    for (const auto& [tag, body] : shown[target])
      if (!tag.empty()) tags.insert(tag);
    return tags;
  }

  void holds(const http::route& row, const std::string& target, const std::string& who, method verb) {
    SCOPED_TRACE(std::string(http::to_text(verb)) + ' ' + target + " by " + who);
    const answer got = send(verb, target, who);
    if (got.status != 200) return;
    answered.insert(target);
    const std::string tag = got.field("ETag");
    const bool personal = got.field("Cache-Control") == "no-store";
    if (row.kept == kept_by::nobody) {
      EXPECT_TRUE(personal);
    }
    if (row.kept == kept_by::each_view) {
      EXPECT_NE(got.field("Vary").find("Authorization"), std::string::npos);
    }
    for (const std::string& held : tags_of(target)) {
      const bool holds_still = !personal && !tag.empty() && http::matches_any(held, tag);
      EXPECT_EQ(send(verb, target, who, held).status, holds_still ? 304 : 200) << held;
    }
    if (personal) {
      EXPECT_NE(row.kept, kept_by::all);
      return;
    }
    const std::string view = row.kept == kept_by::all ? "" : tag;
    if (row.kept != kept_by::all && tag.empty()) return;
    // HEAD shows the tag alone.
    if (verb == method::head) return;
    const auto [before, first] = shown[target].emplace(view, got.body);
    EXPECT_EQ(before->second, got.body) << "one tag is one answer, to every caller";
  }

  void walk() {
    std::size_t walked = 0;
    for (const http::route& row : s.place().routes()) {
      if (row.verb != method::get) continue;
      ++walked;
      const int times = row.kept == kept_by::each_view ? 3 : 1;  // made, kept, cached
      for (const std::string& target : targets_of(row))
        for (int again = 0; again < times; ++again)
          for (const auto& [who, token] : tokens)
            for (const method verb : {method::get, method::head}) holds(row, target, who, verb);
    }
    EXPECT_GE(walked, 13u);
  }
};

TEST_F(an_answer, belongs_to_who_asked) {
  walk();
  // What is read beside the items changes, and no version with it; then a version.
  inquire("agent", "second");
  s.when(by(patch("/api/v1/users/me", R"({"name":"Somebody else","phoneNumber":"+12065550123"})"), "buyer")).then(200);
  walk();
  s.when(by(patch("/api/v1/properties/{loft}", R"({"price":7})"), "owner")).then(200);
  walk();
  for (const targets_row& row : rows)
    for (const std::string& target : row.targets) EXPECT_TRUE(answered.contains(target)) << target;
}

TEST_F(an_answer, of_an_inquiry_is_never_told_to_hold_still) {
  const std::string target = "/api/v1/inquiries/{inquiry}";
  const answer before = send(method::get, target, "owner");
  EXPECT_EQ(before.text_at("/inquirerName"), "Somebody");
  call leave = by(remove("/api/v1/users/me"), "buyer");
  leave.body = R"({"password":"Correct-Horse-7"})";
  s.when(leave).then(204);
  const answer after = send(method::get, target, "owner", before.field("ETag"));
  EXPECT_EQ(after.status, 200);
  EXPECT_EQ(after.at("/inquirerEmail"), "null");
}

TEST_F(an_answer, of_a_listing_tells_its_views_apart) {
  const std::string target = "/api/v1/properties/{loft}";
  const std::string others = send(method::get, target, "nobody").field("ETag");
  const std::string owners = send(method::get, target, "owner").field("ETag");
  EXPECT_NE(others, owners);
  EXPECT_EQ(send(method::get, target, "owner", others).at("/inquiryCount"), "1");
  EXPECT_EQ(send(method::get, target, "nobody", owners).status, 200);
  // Either tag is the version that a change may be meant for.
  for (const std::string& tag : {others, owners}) {
    s.when(by(patch(target, R"({"price":8})"), "owner").with("If-Match", tag)).then(tag == others ? 200 : 412);
  }
}

}  // namespace
}  // namespace spaces::test
