// Registering, logging in, the profile.
#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

namespace spaces::test {
namespace {

std::string registration(const std::string& email, const std::string& more = "") {
  return R"({"email":")" + email + R"(","password":"Correct-Horse-7","name":"Ann Seller")" + more + "}";
}

std::string login(const std::string& email, const std::string& password = "Correct-Horse-7") {
  return R"({"email":")" + email + R"(","password":")" + password + R"("})";
}

TEST(Registration, MakesAnAccount) {
  scenario s{"who registers can log in, in any case, and reads the profile as it was written"};
  s.when(post("/api/v1/auth/register",
              registration("  Ann@Example.COM ", R"(,"phoneNumber":"+12065550123","userType":"seller")")))
      .then(201, field("Location", "/api/v1/users/me"), field("ETag", "\"v1\""), field("Cache-Control", "no-store"),
            shows("/email", "\"Ann@Example.COM\""), shows("/phoneNumber", "\"+12065550123\""),
            shows("/userType", "\"seller\""), shows("/verified", "false"), shows("/version", "1"), keep("ann", "/id"))
      .when(post("/api/v1/auth/login", login("ann@example.com")))
      .then(200, field("Cache-Control", "no-store"), shows("/token_type", "\"Bearer\""), shows("/expires_in", "1800"),
            shows("/user/id", "\"{ann}\""), keep("token", "/access_token"))
      .when(get("/api/v1/users/me").with("Authorization", "Bearer {token}"))
      .then(200, field("ETag", "\"v1\""), shows("/name", "\"Ann Seller\""), shows("/email", "\"Ann@Example.COM\""))
      .when(post("/api/v1/properties", listing("", by("")).body()).with("Authorization", "Bearer {token}"))
      .then(201, shows("/userId", "\"{ann}\""));
}

TEST(Registration, OneAddressOneAccount) {
  scenario s{"an address is taken in whatever case and whichever form of its domain"};
  s.when(post("/api/v1/auth/register", registration("ann@bücher.example"))).then(201);
  for (const char* same : {"ann@bücher.example", "ANN@BÜCHER.EXAMPLE", "ann@xn--bcher-kva.example",
                           "Ann@XN--BCHER-KVA.example", "ann@bu\\u0308cher.example"})
    s.when(post("/api/v1/auth/register", registration(same))).then(409, problem("email-taken"));
  s.when(post("/api/v1/auth/login", login("ann@xn--bcher-kva.example"))).then(200);
}

TEST(Registration, SaysEverythingThatIsWrong) {
  scenario s{"a registration hears of all its broken rules"};
  s.when(post("/api/v1/auth/register", R"({"email":"ann","phoneNumber":"2065550123","userType":"owner","admin":true})"))
      .then(422, errors({{"/email", "not-an-email"},
                         {"/phoneNumber", "not-a-phone-number"},
                         {"/userType", "not-a-choice"},
                         {"/admin", "unknown"},
                         {"/password", "required"},
                         {"/name", "required"}}));
}

TEST(Logins, TellNothing) {
  scenario s{"an unknown address and a wrong password are told in the same words"};
  s.when(post("/api/v1/auth/register", registration("ann@example.com"))).then(201);
  const std::string said = "\"The e-mail address or the password is wrong\"";
  for (const auto& [email, password] : {std::pair{"ann@example.com", "Correct-Horse-8"},
                                        {"ben@example.com", "Correct-Horse-7"},
                                        {"ann@example.com", "correct-horse-7"},
                                        {"ann@example.com", " Correct-Horse-7"},
                                        {"ann@example.com", ""},
                                        {"nobody", "x"}})
    s.when(post("/api/v1/auth/login", login(email, password)))
        .then(401, problem("wrong-credentials"), shows("/detail", said));
}

TEST(Profiles, Change) {
  scenario s{"one changes name, telephone and type, and nothing else"};
  s.when(post("/api/v1/auth/register", registration("ann@example.com")))
      .then(201)
      .when(post("/api/v1/auth/login", login("ann@example.com")))
      .then(200, keep("token", "/access_token"))
      .when(patch("/api/v1/users/me", R"({"name":"Ann Agent","userType":"agent","phoneNumber":"+4930123456"})")
                .with("Authorization", "Bearer {token}")
                .with("If-Match", "\"v1\""))
      .then(200, field("ETag", "\"v2\""), shows("/name", "\"Ann Agent\""), shows("/userType", "\"agent\""))
      .when(put("/api/v1/users/me", R"({"phoneNumber":null})").with("Authorization", "Bearer {token}"))
      .then(200, shows("/phoneNumber", "null"), shows("/version", "3"))
      .when(
          put("/api/v1/users/me", R"({"name":"x"})").with("Authorization", "Bearer {token}").with("If-Match", "\"v1\""))
      .then(412, problem("precondition-failed"))
      .when(put("/api/v1/users/me", R"({"email":"b@example.com","verified":true,"password":"x","name":null})")
                .with("Authorization", "Bearer {token}"))
      .then(422, errors({{"/email", "fixed"}, {"/verified", "fixed"}, {"/password", "unknown"}, {"/name", "required"}}))
      .when(post("/api/v1/auth/login", login("ann@example.com")))
      .then(200, shows("/user/userType", "\"agent\""));
}

}  // namespace
}  // namespace spaces::test
