// What GET gave can be sent back by PUT and PATCH: members that the service sets may stand in a body as they are.
#include "scenario/inquiring.hpp"
#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

namespace spaces::test {
namespace {

constexpr const char* loft = "/api/v1/properties/{loft}";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what << " in " << text;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

struct shown_to {
  scenario& s;
  std::string target;
  std::string who;

  std::string body() { return s.place().send(get(s.filled(target)).as(who)).body; }
  scenario& put_back(const std::string& text) { return s.when(put(target, text).as(who)); }
};

TEST(what_get_gave, a_listing_to_its_owner) {
  scenario s{"the owner sends a listing back"};
  s.given(seller("ann"), buyer("ben"), seller("cid"),
          listing("loft", by("ann"), with("features", R"(["Deck","Wood floors"])"), with("bathrooms", "2.25"),
                  with("latitude", "47.721000000000004"), with("longitude", "-122.3"), with("yearBuilt", "1904")));
  s.when(post("/api/v1/inquiries", R"({"propertyId":"{loft}","message":"Is it quiet?"})").as("ben")).then(201);
  shown_to owner{s, loft, "ann"};
  const std::string first = owner.body();
  s.after(std::chrono::seconds{1});
  ASSERT_NE(first.find("\"inquiryCount\":1"), std::string::npos) << first;
  owner.put_back(first).then(200, shows("/version", "2"), shows("/latitude", "47.721000000000004"));
  owner.put_back(first).then(422, errors({{"/version", "fixed"}, {"/updatedAt", "fixed"}}));
  const std::string now = owner.body();
  owner.put_back(replaced(now, "\"inquiryCount\":1", "\"inquiryCount\":2"))
      .then(422, errors({{"/inquiryCount", "fixed"}}));
  owner.put_back(replaced(now, s.filled("{loft}"), to_text(id_of("ann")))).then(422, errors({{"/id", "fixed"}}));
  owner.put_back(replaced(now, "\"price\":450000", "\"price\":7")).then(200, shows("/price", "7"));
  s.when(put(loft, now).as("cid")).then(403);
}

TEST(what_get_gave, an_inquiry_to_either_side) {
  scenario s{"both sides send an inquiry back"};
  with_people(s);
  for (const char* name : {"ann", "ben"}) open_account(s, {name});
  s.when(post(all_inquiries, about("loft", "Is it quiet?")).as("ben")).then(201, keep("q", "/id"));
  shown_to owner{s, "/api/v1/inquiries/{q}", "ann"};
  shown_to sender{s, "/api/v1/inquiries/{q}", "ben"};
  sender.put_back(sender.body()).then(200);
  owner.put_back(owner.body()).then(200, shows("/status", "\"new\""));
  sender.put_back(replaced(sender.body(), "quiet", "sunny")).then(200, shows("/message", "\"Is it sunny?\""));
  owner.put_back(replaced(owner.body(), "sunny", "cold")).then(403);
  owner.put_back(replaced(owner.body(), "@mail.example", "@else.example"))
      .then(422, errors({{"/inquirerEmail", "fixed"}}));
  owner.put_back(replaced(owner.body(), "\"response\":null", "\"response\":\"Yes\""))
      .then(200, shows("/status", "\"responded\""));
  sender.put_back(replaced(sender.body(), "Yes", "No")).then(403);
  sender.put_back(sender.body()).then(200);
}

TEST(what_get_gave, a_profile_to_its_person) {
  scenario s{"a person sends their profile back"};
  s.when(post("/api/v1/auth/register", R"({"email":"ann@mail.example","password":"Correct-Horse-7","name":"Ann"})"))
      .then(201)
      .when(post("/api/v1/auth/login", R"({"email":"ann@mail.example","password":"Correct-Horse-7"})"))
      .then(200, keep("token", "/access_token"));
  const auto send = [&](call request) { s.when(std::move(request).with("Authorization", "Bearer {token}")); };
  const auto shown = [&] {
    return s.place().send(get("/api/v1/users/me").with("Authorization", s.filled("Bearer {token}"))).body;
  };
  send(put("/api/v1/users/me", shown()));
  s.then(200, shows("/version", "2"));
  send(put("/api/v1/users/me", replaced(shown(), "\"name\":\"Ann\"", "\"name\":\"Anna\"")));
  s.then(200, shows("/name", "\"Anna\""));
  send(put("/api/v1/users/me", replaced(shown(), "\"verified\":false", "\"verified\":true")));
  s.then(422, errors({{"/verified", "fixed"}}));
  send(patch("/api/v1/users/me", replaced(shown(), "ann@mail.example", "eve@mail.example")));
  s.then(422, errors({{"/email", "fixed"}}));
}

}  // namespace
}  // namespace spaces::test
