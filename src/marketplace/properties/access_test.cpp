// Who may do what: one table of callers, routes and their relation to the listing.
#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace spaces::test {
namespace {

using namespace properties;

/// Whether the deployment shows listings to anyone, is closed, or is a closed production.
enum class deployment { closed, open, production };

struct access_row {
  const char* who;  ///< "" is nobody
  deployment where;
  int list;
  int own_list;
  int create;
  int read_public;
  int read_private;   ///< a draft or withdrawn one
  int change_public;  ///< PUT and PATCH
  int change_private;
  int remove_public;
  int remove_private;
};

constexpr access_row rows[] = {
    {"", deployment::closed, 401, 401, 401, 401, 401, 401, 401, 401, 401},
    {"", deployment::production, 401, 401, 401, 401, 401, 401, 401, 401, 401},
    {"", deployment::open, 200, 401, 401, 200, 404, 401, 401, 401, 401},
    {"ben the buyer", deployment::closed, 200, 200, 403, 200, 404, 403, 404, 403, 404},
    {"ben the buyer", deployment::open, 200, 200, 403, 200, 404, 403, 404, 403, 404},
    {"ben the buyer", deployment::production, 200, 200, 403, 200, 404, 403, 404, 403, 404},
    {"sue the seller", deployment::closed, 200, 200, 201, 200, 404, 403, 404, 403, 404},
    {"sue the seller", deployment::open, 200, 200, 201, 200, 404, 403, 404, 403, 404},
    {"sue the seller", deployment::production, 200, 200, 201, 200, 404, 403, 404, 403, 404},
    {"amy the agent", deployment::closed, 200, 200, 201, 200, 404, 403, 404, 403, 404},
    {"amy the agent", deployment::open, 200, 200, 201, 200, 404, 403, 404, 403, 404},
    {"amy the agent", deployment::production, 200, 200, 201, 200, 404, 403, 404, 403, 404},
    {"ann the owner", deployment::closed, 200, 200, 201, 200, 200, 200, 200, 204, 204},
    {"ann the owner", deployment::open, 200, 200, 201, 200, 200, 200, 200, 204, 204},
    {"ann the owner", deployment::production, 200, 200, 201, 200, 200, 200, 200, 204, 204},
    {"una unverified", deployment::closed, 200, 200, 201, 200, 404, 403, 404, 403, 404},
    {"una unverified", deployment::open, 200, 200, 201, 200, 404, 403, 404, 403, 404},
    {"una unverified", deployment::production, 200, 200, 403, 200, 404, 403, 404, 403, 404},
};

std::string slug_of(const access_row& row, int code) {
  const std::map<int, std::string> slugs = {{401, "unauthenticated"}, {403, "forbidden"}, {404, "not-found"}};
  const bool unverified = std::string_view(row.who).starts_with("una") && row.where == deployment::production;
  return code == 403 && unverified ? "" : slugs.at(code);
}

/// Asks, and holds the refusals to their problem type; "" for a type that the row says elsewhere.
void holds(scenario& s, const access_row& row, call request, int code) {
  s.when(row.who[0] ? std::move(request).as(row.who) : std::move(request));
  if (code < 400)
    s.then(code);
  else if (const std::string slug = slug_of(row, code); slug.empty())
    s.then(code, field("Content-Type"));
  else
    s.then(code, problem(slug));
}

/// What is wrong with a request is told to those who may make it; others hear that they may not.
void holds_whatever_it_brings(scenario& s, const access_row& row, const std::string& one, int code) {
  const auto told = [&](int wrong) { return code == 200 ? wrong : code; };
  for (call (*const change)(std::string, std::string) : {&put, &patch}) {
    s.when(change(one, R"({"price":"much","colour":1})").as(row.who)).then(told(422));
    s.when(change(one, "{").as(row.who)).then(told(400));
    s.when(change(one, R"({"price":7})").with("Content-Type", "text/plain").as(row.who)).then(told(415));
    s.when(change(one, R"({"price":7})").with("Accept", "text/html").as(row.who)).then(told(406));
  }
}

class access_by_row : public testing::TestWithParam<access_row> {};

TEST_P(access_by_row, FollowsTheTable) {
  const access_row& row = GetParam();
  const market_options options{row.where == deployment::open, row.where == deployment::production};
  scenario s{"access", options};
  s.given(buyer("ben the buyer"), seller("sue the seller"), agent("amy the agent"), seller("ann the owner"),
          unverified(seller("una unverified")));
  holds(s, row, get("/api/v1/properties"), row.list);
  holds(s, row, get("/api/v1/properties?owner=me"), row.own_list);
  holds(s, row, post("/api/v1/properties", listing("", by("")).body()), row.create);
  for (const status state : {status::active, status::pending, status::sold, status::draft, status::withdrawn}) {
    const bool open = is_public(state);
    const std::string name = "a" + std::string(record::to_name(state));
    s.given(listing(name, by("ann the owner"), state));
    const std::string one = "/api/v1/properties/{" + name + "}";
    holds(s, row, get(one), open ? row.read_public : row.read_private);
    holds_whatever_it_brings(s, row, one, open ? row.change_public : row.change_private);
    holds(s, row, put(one, R"({"price":7})"), open ? row.change_public : row.change_private);
    holds(s, row, patch(one, R"({"price":8})"), open ? row.change_public : row.change_private);
    holds(s, row, remove(one), open ? row.remove_public : row.remove_private);
    const bool gone = row.remove_public == 204;
    s.when(get(one).as("ann the owner")).then(gone ? 404 : 200);
    if (!gone) s.then(200, shows("/price", "450000"), shows("/version", "1"));
  }
}

std::string name_of_row(const testing::TestParamInfo<access_row>& row) {
  constexpr const char* deployments[] = {"Closed", "Open", "Production"};
  std::string name = row.param.who[0] ? row.param.who : "nobody";
  std::replace(name.begin(), name.end(), ' ', '_');
  return name + "_" + deployments[static_cast<int>(row.param.where)];
}

INSTANTIATE_TEST_SUITE_P(All, access_by_row, testing::ValuesIn(rows), name_of_row);

TEST(AccessOf, UnverifiedPeopleInProduction) {
  scenario s{"publishing before the e-mail address is confirmed has a problem type of its own", {false, true}};
  s.given(unverified(agent("una")), unverified(buyer("ben")))
      .when(post("/api/v1/properties", listing("", by("")).body()).as("una"))
      .then(403, problem("email-unverified"))
      .when(post("/api/v1/properties", listing("", by("")).body()).as("ben"))
      .then(403, problem("forbidden"));
}

TEST(AccessOf, PublishingADraft) {
  scenario s{"to make a draft public is to publish it", {false, true}};
  s.given(agent("una"), listing("draft", by("una"), status::draft), listing("open", by("una")))
      .given(unverified(agent("una")))
      .when(patch("/api/v1/properties/{draft}", R"({"title":"Still a draft"})").as("una"))
      .then(200)
      .when(patch("/api/v1/properties/{draft}", R"({"status":"active"})").as("una"))
      .then(403, problem("email-unverified"))
      .when(patch("/api/v1/properties/{open}", R"({"price":1})").as("una"))
      .then(200);
}

TEST(AccessOf, ListingsOfOthersShowNoDrafts) {
  scenario s{"a draft is in its owner's own list alone", {true, false}};
  s.given(seller("ann"), seller("sue"), listing("sold", by("ann"), status::sold),
          listing("draft", by("ann"), status::draft), listing("back", by("ann"), status::withdrawn),
          listing("open", by("ann")))
      .when(get("/api/v1/properties"))
      .then(200, lists({"open"}))
      .when(get("/api/v1/properties").as("ann"))
      .then(200, lists({"open"}))
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, lists({"open", "back", "draft", "sold"}))
      .when(get("/api/v1/properties?owner=me").as("sue"))
      .then(200, lists({}));
  for (const char* secret : {"draft", "withdrawn"})
    for (const char* who : {"ann", "sue"})
      s.when(get("/api/v1/properties?status=" + std::string(secret)).as(who))
          .then(422, errors({{"status", "not-a-choice"}}));
}

TEST(AccessOf, ADraftThatWasPublicIsGoneForStrangers) {
  scenario s{"what was cached for all is not shown once it is withdrawn", {true, false}};
  s.given(seller("ann"), buyer("ben"), listing("loft", by("ann")));
  for (int again = 0; again < 3; ++again) s.when(get("/api/v1/properties/{loft}")).then(200, field("ETag", "\"v1\""));
  s.when(patch("/api/v1/properties/{loft}", R"({"status":"withdrawn"})").as("ann")).then(200);
  for (int again = 0; again < 3; ++again) {
    s.when(get("/api/v1/properties/{loft}")).then(404, problem("not-found"));
    s.when(get("/api/v1/properties/{loft}").as("ben").with("If-None-Match", "\"v1\"")).then(404);
    s.when(get("/api/v1/properties/{loft}").as("ann")).then(200, field("ETag", "\"v2-i0.0\""));
  }
}

TEST(AccessOf, WrongCredentialsAreNeverNobody) {
  scenario s{"a bad token is 401 even where listings are public", {true, false}};
  s.given(seller("ann"), listing("loft", by("ann")));
  const std::pair<const char*, const char*> wrong[] = {{"Bearer x", "invalid-token"},
                                                       {"Bearer a.b.c", "invalid-token"},
                                                       {"Basic YTpi", "unauthenticated"},
                                                       {"Bearer", "unauthenticated"},
                                                       {"token", "unauthenticated"}};
  for (const auto& [value, slug] : wrong)
    for (int again = 0; again < 3; ++again)
      s.when(get("/api/v1/properties/{loft}").with("Authorization", value)).then(401, problem(slug));
}

}  // namespace
}  // namespace spaces::test
