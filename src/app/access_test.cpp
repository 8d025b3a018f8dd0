// Who may do what: one row for each route and relation, one column for each kind of caller. A route
// without a row fails the test.
#include "app/deployment_keys.hpp"
#include "platform/base/digest.hpp"
#include "platform/identity/local/test_keys.hpp"
#include "scenario/login.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace spaces::test {
namespace {

using http::method;

/// Statuses by caller. `owner` owns {loft}, which is public, {draft} and the login {session}; the others are
/// strangers to them.
struct access_row {
  method verb;
  const char* path;    ///< of the route table
  const char* target;  ///< what is asked for
  int nobody;
  int broken;  ///< a token that is not valid, or not any more
  int buyer;
  int seller;
  int agent;
  int owner;
  const char* body = "";
};

constexpr const char* listing_body =
    R"({"title":"Light-filled loft","price":450000,"city":"Seattle","state":"WA","zipCode":"98101"})";
constexpr const char* properties = "/api/v1/properties";
constexpr const char* property = "/api/v1/properties/{id}";
constexpr const char* loft = "/api/v1/properties/{loft}";
constexpr const char* draft = "/api/v1/properties/{draft}";
constexpr const char* images = "/api/v1/properties/{id}/images";
constexpr const char* image = "/api/v1/properties/{id}/images/{imageId}";
constexpr const char* image_uploaded = "/api/v1/properties/{id}/images/{imageId}/uploaded";
constexpr const char* photograph = R"({"bytes":9,"type":"image/jpeg",)"
                                   R"("sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})";
constexpr const char* inquiries = "/api/v1/inquiries";
constexpr const char* inquiry = "/api/v1/inquiries/{id}";
constexpr const char* blocks = "/api/v1/users/me/blocks";
constexpr const char* profile = "/api/v1/users/me";
constexpr const char* account_deletion = R"({"password":"Correct-Horse-7"})";

const access_row rows[] = {
    {method::get, properties, "/api/v1/properties", 401, 401, 200, 200, 200, 200},
    {method::get, properties, "/api/v1/properties?owner=me", 401, 401, 200, 200, 200, 200},
    {method::post, properties, properties, 401, 401, 403, 201, 201, 201, listing_body},
    {method::get, property, loft, 401, 401, 200, 200, 200, 200},
    {method::get, property, draft, 401, 401, 404, 404, 404, 200},
    {method::put, property, loft, 401, 401, 403, 403, 403, 200, R"({"price":7})"},
    {method::put, property, draft, 401, 401, 404, 404, 404, 200, R"({"price":7})"},
    {method::patch, property, loft, 401, 401, 403, 403, 403, 200, R"({"price":7})"},
    {method::patch, property, draft, 401, 401, 404, 404, 404, 200, R"({"price":7})"},
    {method::delete_, property, loft, 401, 401, 403, 403, 403, 204},
    {method::delete_, property, draft, 401, 401, 404, 404, 404, 204},
    {method::get, images, "/api/v1/properties/{loft}/images", 401, 401, 200, 200, 200, 200},
    {method::get, images, "/api/v1/properties/{draft}/images", 401, 401, 404, 404, 404, 200},
    {method::post, images, "/api/v1/properties/{loft}/images", 401, 401, 403, 403, 403, 201, photograph},
    {method::post, images, "/api/v1/properties/{draft}/images", 401, 401, 404, 404, 404, 201, photograph},
    {method::put, images, "/api/v1/properties/{loft}/images", 401, 401, 403, 403, 403, 200, R"({"images":[]})"},
    {method::put, images, "/api/v1/properties/{draft}/images", 401, 401, 404, 404, 404, 200, R"({"images":[]})"},
    // {image} of {loft} awaits its upload.
    {method::post, image_uploaded, "/api/v1/properties/{loft}/images/{image}/uploaded", 401, 401, 403, 403, 403, 409},
    {method::post, image_uploaded, "/api/v1/properties/{draft}/images/{image}/uploaded", 401, 401, 404, 404, 404, 404},
    {method::delete_, image, "/api/v1/properties/{loft}/images/{image}", 401, 401, 403, 403, 403, 204},
    {method::delete_, image, "/api/v1/properties/{draft}/images/{image}", 401, 401, 404, 404, 404, 404},
    // A client that shows a password or a refresh token needs no access token, and a bad one is no hindrance.
    {method::post, "/api/v1/auth/register", "/api/v1/auth/register", 201, 201, 201, 201, 201, 201,
     R"({"email":"new{n}@example.com","password":"Correct-Horse-7","name":"Somebody"})"},
    {method::post, "/api/v1/auth/login", "/api/v1/auth/login", 200, 200, 200, 200, 200, 200,
     R"({"email":"owner@example.com","password":"Correct-Horse-7"})"},
    {method::post, "/api/v1/auth/login", "/api/v1/auth/login", 401, 401, 401, 401, 401, 401,
     R"({"email":"nobody{n}@example.com","password":"Correct-Horse-7"})"},
    {method::post, "/api/v1/auth/refresh", "/api/v1/auth/refresh", 200, 200, 200, 200, 200, 200,
     R"({"refresh_token":"{refresh}"})"},
    {method::post, "/api/v1/auth/logout", "/api/v1/auth/logout", 401, 401, 204, 204, 204, 204},
    {method::get, profile, profile, 401, 401, 200, 200, 200, 200},
    {method::put, profile, profile, 401, 401, 200, 200, 200, 200, R"({"name":"Another"})"},
    {method::patch, profile, profile, 401, 401, 200, 200, 200, 200, R"({"name":"Another"})"},
    {method::delete_, profile, profile, 401, 401, 204, 204, 204, 204, account_deletion},
    {method::put, "/api/v1/users/me/password", "/api/v1/users/me/password", 401, 401, 204, 204, 204, 204,
     R"({"currentPassword":"Correct-Horse-7","newPassword":"Battery-Staple-8"})"},
    {method::get, "/api/v1/users/me/export", "/api/v1/users/me/export", 401, 401, 200, 200, 200, 200},
    {method::get, "/api/v1/users/me/sessions", "/api/v1/users/me/sessions", 401, 401, 200, 200, 200, 200},
    {method::delete_, "/api/v1/users/me/sessions/{id}", "/api/v1/users/me/sessions/{session}", 401, 401, 404, 404, 404,
     204},
    // The buyer has inquired about {loft}: {inquiry} is between the buyer and the owner.
    {method::get, inquiries, "/api/v1/inquiries?box=sent", 401, 401, 200, 200, 200, 200},
    {method::post, inquiries, inquiries, 401, 401, 409, 201, 201, 403,
     R"({"propertyId":"{loft}","message":"Is it still to be had?"})"},
    {method::get, inquiry, "/api/v1/inquiries/{inquiry}", 401, 401, 200, 404, 404, 200},
    {method::put, inquiry, "/api/v1/inquiries/{inquiry}", 401, 401, 200, 404, 404, 409, R"({"status":"closed"})"},
    {method::post, "/api/v1/inquiries/{id}/report", "/api/v1/inquiries/{inquiry}/report", 401, 401, 204, 404, 404, 204,
     R"({"reason":"spam"})"},
    {method::get, blocks, blocks, 401, 401, 200, 200, 200, 200},
    {method::post, blocks, blocks, 401, 401, 201, 201, 201, 201, R"({"userId":"{out_id}"})"},
    {method::delete_, "/api/v1/users/me/blocks/{id}", "/api/v1/users/me/blocks/00000000-0000-7000-8000-000000000001",
     401, 401, 404, 404, 404, 404},
    // Links of e-mails: what they hold decides, not who opens them.
    {method::get, "/api/v1/unsubscribe", "/api/v1/unsubscribe?token=x", 404, 404, 404, 404, 404, 404},
    {method::post, "/api/v1/unsubscribe", "/api/v1/unsubscribe?token=x", 404, 404, 404, 404, 404, 404},
    {method::post, "/api/v1/auth/verify-email", "/api/v1/auth/verify-email", 422, 422, 422, 422, 422, 422,
     R"({"token":"x"})"},
    {method::post, "/api/v1/auth/resend-verification", "/api/v1/auth/resend-verification", 202, 202, 202, 202, 202, 202,
     R"({"email":"reader{n}@example.com"})"},
    {method::post, "/api/v1/auth/forgot-password", "/api/v1/auth/forgot-password", 202, 202, 202, 202, 202, 202,
     R"({"email":"reader{n}@example.com"})"},
    {method::post, "/api/v1/auth/reset-password", "/api/v1/auth/reset-password", 422, 422, 422, 422, 422, 422,
     R"({"token":"x","password":"Battery-Staple-8"})"},
    // A picture's name is all that it takes, and an upload's permission.
    {method::get, "/media/{key}", "/media/ab/0123/640.webp", 200, 200, 200, 200, 200, 200},
    {method::get, "/media/{key}", "/media/ab/4567/640.webp", 404, 404, 404, 404, 404, 404},
    {method::put, "/uploads/{permission}", "/uploads/x", 403, 403, 403, 403, 403, 403},
    {method::get, "/health", "/health", 200, 401, 200, 200, 200, 200},
    {method::get, "/openapi.json", "/openapi.json", 200, 401, 200, 200, 200, 200},
    {method::get, "/.well-known/jwks.json", "/.well-known/jwks.json", 200, 401, 200, 200, 200, 200},
    {method::get, "/.well-known/openid-configuration", "/.well-known/openid-configuration", 200, 401, 200, 200, 200,
     200},
    {method::get, "/docs", "/docs", 200, 401, 200, 200, 200, 200},
};

call asking(const access_row& row, const std::string& token) {
  call request{row.verb, row.target, row.body, {}, {}};
  return token.empty() ? request : std::move(request).with("Authorization", "Bearer " + token);
}

std::string compact(const identity::signing_key& key, const std::string& header, const std::string& claims) {
  const std::string text = to_base64url(header) + '.' + to_base64url(claims);
  return text + '.' + to_base64url(key.sign(text));
}

/// The claims of a token, and its header.
std::string segment(const std::string& token, int number) {
  std::size_t from = 0;
  for (int i = 0; i < number; ++i) from = token.find('.', from) + 1;
  return *from_base64url(token.substr(from, token.find('.', from) - from));
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

/// A segment whose last character has bits that say nothing and are not zero.
std::string non_canonical(std::string json) {
  while (json.size() % 3 == 0) json.insert(1, " ");
  std::string coded = to_base64url(json);
  ++coded.back();  // A, Q, g, w and the like are followed by one of the same value
  return coded;
}

struct broken_token {
  const char* what;
  std::string token;
};

/// Everything that is nearly `good`, the owner's token.
std::vector<broken_token> forgeries(const market& place, const std::string& good, instant now) {
  static const identity::signing_key stranger =
      identity::signing_key::from_text(private_pem(make_rsa(3072).get())).value();
  const identity::signing_key& key = *place.keys().current();
  const std::string header = segment(good, 0);
  const std::string claims = segment(good, 1);
  const std::string hs256_text = to_base64url(replaced(header, "RS256", "HS256")) + '.' + to_base64url(claims);
  const sha256_digest confused = hmac_sha256(public_pem(shared_rsa()), hs256_text);
  const std::string body = good.substr(0, good.rfind('.'));
  const std::string spare = non_canonical(header) + '.' + to_base64url(claims);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  const auto at = [&](const char* name, std::int64_t when) {
    const std::size_t from = claims.find(std::string("\"") + name + "\":") + std::string(name).size() + 3;
    std::string other = claims;
    return other.replace(from, 10, std::to_string(when));
  };
  return {
      {"no token at all", "x"},
      {"expired", compact(key, header, at("exp", seconds))},
      {"of tomorrow", compact(key, header, at("iat", seconds + 60))},
      {"of a strange key", compact(stranger, header, claims)},
      {"of a strange key that it names", compact(stranger, replaced(header, key.kid(), stranger.kid()), claims)},
      {"for another audience", compact(key, header, replaced(claims, "lifestyle-spaces-api", "lifestyle-spaces-www"))},
      {"of another issuer", compact(key, header, replaced(claims, "\"lifestyle-spaces\"", "\"somebody\""))},
      {"alg none", to_base64url(replaced(header, "RS256", "none")) + '.' + to_base64url(claims) + '.'},
      {"alg none with a signature", compact(key, replaced(header, "RS256", "none"), claims)},
      {"HS256 by the public key",
       hs256_text + '.' + to_base64url({reinterpret_cast<const char*>(confused.data()), confused.size()})},
      {"kid is a path", compact(key, replaced(header, key.kid(), "../../../../dev/null"), claims)},
      {"kid is empty", compact(key, replaced(header, key.kid(), ""), claims)},
      {"crit", compact(key, replaced(header, "{", R"({"crit":["exp"],)"), claims)},
      {"a key of its own", compact(key, replaced(header, "{", R"({"jku":"https://example.com/keys",)"), claims)},
      {"of another type", compact(key, replaced(header, "at+jwt", "JWT"), claims)},
      {"a claim twice", compact(key, header, replaced(claims, "{", R"({"userType":"agent",)"))},
      {"padded", good + "="},
      {"not canonical", spare + '.' + to_base64url(key.sign(spare))},
      {"a fourth segment", good + ".x"},
      {"an empty fourth segment", good + '.'},
      {"without a signature", body + '.'},
      {"of 20 kB", compact(key, header, replaced(claims, "{", "{\"long\":\"" + std::string(20'000, 'x') + "\","))},
  };
}

struct cast {
  scenario s;
  std::map<std::string, std::string> tokens;
  std::vector<broken_token> broken;

  cast() : s("access", {.key = private_pem(shared_rsa())}) {
    for (const auto& [name, type] : {std::pair{"buyer", "buyer"},
                                     {"seller", "seller"},
                                     {"agent", "agent"},
                                     {"owner", "seller"},
                                     {"gone", "buyer"},
                                     {"out", "buyer"}}) {
      const std::string email = name + std::string("@example.com");
      s.when(register_user(email, type)).then(201, keep(name + std::string("_id"), "/id")).when(log_in(email));
      s.then(200, keep("token", "/access_token"), keep("refresh", "/refresh_token"));
      tokens[name] = s.filled("{token}");
      if (std::string_view(name) == "owner") s.name("owners_refresh", s.filled("{refresh}"));
    }
    EXPECT_TRUE(s.place().bucket().put("media/ab/0123/640.webp", "a picture", {.content_type = "image/webp"}));
    s.name("refresh", s.filled("{owners_refresh}"));
    const std::string& owner = tokens.at("owner");
    s.when(holding(post(properties, listing_body), owner)).then(201, keep("loft", "/id"));
    const std::string hidden = replaced(listing_body, "{", R"({"status":"draft",)");
    s.when(holding(post(properties, hidden), owner)).then(201, keep("draft", "/id"));
    s.when(holding(post("/api/v1/properties/{loft}/images", photograph), owner)).then(201, keep("image", "/id"));
    const std::string question = R"({"propertyId":"{loft}","message":"May I see it on Sunday?"})";
    s.when(holding(post(inquiries, question), tokens.at("buyer"))).then(201, keep("inquiry", "/id"));
    s.when(holding(get("/api/v1/users/me/sessions"), owner)).then(200, keep("session", "/items/0/id"));
    s.when(holding(post("/api/v1/auth/logout", ""), tokens.at("out"))).then(204);
    call leave = holding(remove(profile), tokens.at("gone"));
    leave.body = account_deletion;
    s.when(leave).then(204);
    broken = forgeries(s.place(), owner, s.place().clock().now());
    broken.push_back({"of an ended session", tokens.at("out")});
    broken.push_back({"of a deleted user", tokens.at("gone")});
    broken.push_back({"a refresh token", s.filled("{refresh}")});
  }

  void holds(const access_row& row, const std::string& who, const std::string& token, int status) {
    SCOPED_TRACE(std::string(http::to_text(row.verb)) + ' ' + row.target + " by " + who);
    s.name("n", std::to_string(++requests_));
    s.when(asking(row, token));
    s.then(status);
    if (status == 401 && !token.empty() && std::string_view(row.path) != "/api/v1/auth/login")
      s.then(status, problem("invalid-token"));
  }

 private:
  int requests_ = 0;
};

TEST(Access, FollowsTheTable) {
  for (const access_row& row : rows) {
    cast people;
    people.holds(row, "nobody", "", row.nobody);
    for (const auto& [what, token] : people.broken) people.holds(row, what, token, row.broken);
    people.holds(row, "a buyer", people.tokens.at("buyer"), row.buyer);
    people.holds(row, "a seller", people.tokens.at("seller"), row.seller);
    people.holds(row, "an agent", people.tokens.at("agent"), row.agent);
    people.holds(row, "the owner", people.tokens.at("owner"), row.owner);
  }
}

/// A body that says whose a thing is cannot be wrong before it is read.
bool body_names_the_listing(const access_row& row) { return row.verb == method::post && row.path == inquiries; }

TEST(Access, WhoMayNotHearsSoBeforeWhatIsWrongWithTheBody) {
  cast people;
  for (access_row row : rows) {
    if (!row.body[0] || row.nobody != 401 || std::string_view(row.path) == "/api/v1/auth/login") continue;
    for (const char* wrong : {"{", R"({"no such member":1})", "[]"}) {
      row.body = wrong;
      people.holds(row, "nobody", "", row.nobody);
      people.holds(row, people.broken.front().what, people.broken.front().token, row.broken);
      for (const auto& [who, status] : {std::pair{"buyer", &access_row::buyer},
                                        {"seller", &access_row::seller},
                                        {"agent", &access_row::agent},
                                        {"owner", &access_row::owner}})
        if ((row.*status == 403 || row.*status == 404) && !body_names_the_listing(row))
          people.holds(row, who, people.tokens.at(who), row.*status);
    }
  }
}

TEST(Access, TheTableHasEveryRoute) {
  std::set<std::pair<method, std::string>> told;
  for (const access_row& row : rows) told.emplace(row.verb, row.path);
  scenario s{"every route"};
  for (const http::route& one : s.place().routes()) {
    // The documentation page's files are as its page.
    if (one.path.starts_with("/docs/")) continue;
    EXPECT_TRUE(told.contains({one.verb, std::string(one.path)}))
        << http::to_text(one.verb) << ' ' << one.path << " has no row in src/app/access_test.cpp: who may ask for it?";
  }
}

}  // namespace
}  // namespace spaces::test
