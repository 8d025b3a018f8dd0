// Confirming an address, and a password that was forgotten.
#include "marketplace/accounts/recovery.hpp"

#include "marketplace/accounts/attempts.hpp"
#include "scenario/emails.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <regex>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* password = "Correct-Horse-7";

std::string json(const std::string& name, const std::string& value) {
  return R"({")" + name + R"(":")" + value + R"("})";
}

/// Ann, who has registered; what comes to her mailbox.
struct recovery_test : testing::Test {
  scenario s{"an address is proven to be the caller's"};

  void registered(const std::string& email = "ann@example.com") {
    s.when(
         post("/api/v1/auth/register", R"({"email":")" + email + R"(","name":"Ann","password":")" + password + R"("})"))
        .then(201);
  }
  std::string token_of_the_email() {
    const auto emails = sent(s);
    EXPECT_EQ(emails.size(), 1u);
    std::smatch found;
    if (emails.empty() || !std::regex_search(emails[0], found, std::regex("#token=([A-Za-z0-9_-]+)"))) return "none";
    return found[1];
  }
  std::string token_by(const std::string& path) {
    s.when(post(path, json("email", "ann@example.com"))).then(202);
    return token_of_the_email();
  }
  void can_log_in(const std::string& with, int status = 200) {
    s.when(post("/api/v1/auth/login", R"({"email":"ann@example.com","password":")" + with + R"("})")).then(status);
  }
  static std::string reset(const std::string& token, const std::string& to = "Another-Horse-8") {
    return R"({"token":")" + token + R"(","password":")" + to + R"("})";
  }

 private:
};

constexpr const char* verify_path = "/api/v1/auth/verify-email";
constexpr const char* resend_path = "/api/v1/auth/resend-verification";
constexpr const char* forgot_path = "/api/v1/auth/forgot-password";
constexpr const char* reset_path = "/api/v1/auth/reset-password";

const auto refused = errors({{"/token", "not-valid"}});

TEST_F(recovery_test, a_registration_brings_an_email_whose_token_confirms_the_address_once) {
  registered();
  const std::string token = token_of_the_email();
  s.when(post("/api/v1/auth/login", R"({"email":"ann@example.com","password":"Correct-Horse-7"})"))
      .then(200, shows("/user/verified", "false"))
      .when(post(verify_path, json("token", token)))
      .then(204)
      .when(post("/api/v1/auth/login", R"({"email":"ann@example.com","password":"Correct-Horse-7"})"))
      .then(200, shows("/user/verified", "true"), shows("/user/version", "2"))
      .when(post(verify_path, json("token", token)))
      .then(422, refused);
}

TEST_F(recovery_test, a_refused_registration_brings_none) {
  registered();
  EXPECT_EQ(sent(s).size(), 1u);
  s.when(post("/api/v1/auth/register", R"({"email":"ANN@example.com","name":"Eve","password":"Correct-Horse-7"})"))
      .then(409);
  EXPECT_TRUE(sent(s).empty());
}

TEST_F(recovery_test, tokens_end_with_their_time_and_are_for_one_thing) {
  registered();
  const std::string confirming = token_of_the_email();
  s.after(24h).when(post(verify_path, json("token", confirming))).then(422, refused);
  const std::string again = token_by(resend_path);
  s.when(post(reset_path, reset(again))).then(422, refused);
  s.after(24h - 1s).when(post(verify_path, json("token", again))).then(204);
  const std::string resetting = token_by(forgot_path);
  s.when(post(verify_path, json("token", resetting))).then(422, refused);
  s.after(30min).when(post(reset_path, reset(resetting))).then(422, refused);
  can_log_in(password);
}

TEST_F(recovery_test, what_was_made_up_is_refused_like_what_was_used) {
  registered();
  const std::string token = token_of_the_email();
  for (const std::string& made_up : {std::string("x"), std::string(43, 'A'), token + "A", token.substr(1)})
    s.when(post(verify_path, json("token", made_up))).then(422, refused);
  for (const char* body : {"{}", R"({"token":7})", R"({"token":"a","more":1})"})
    s.when(post(verify_path, body)).then(422);
  for (const char* body : {"[", R"({"token":"a","token":"b"})"}) s.when(post(verify_path, body)).then(400);
}

TEST_F(recovery_test, asking_is_answered_alike_for_every_address) {
  registered();
  sent(s);
  for (const char* path : {resend_path, forgot_path})
    for (const char* email : {"ann@example.com", "ANN@EXAMPLE.COM", "nobody@example.com"})
      s.when(post(path, json("email", email))).then(202, field("Cache-Control", "no-store"), no_field("Content-Type"));
  EXPECT_EQ(sent(s).size(), 4u) << "two for each kind, and none to nobody";
  s.when(post(forgot_path, json("email", "no address"))).then(422, errors({{"/email", "not-an-email"}}));
}

TEST_F(recovery_test, who_is_confirmed_hears_no_more_of_it) {
  registered();
  s.when(post(verify_path, json("token", token_of_the_email()))).then(204);
  s.when(post(resend_path, json("email", "ann@example.com"))).then(202);
  EXPECT_TRUE(sent(s).empty());
}

TEST_F(recovery_test, a_forgotten_password_is_replaced_once_and_its_owner_hears_of_it) {
  registered();
  sent(s);
  const std::string first = token_by(forgot_path);
  const std::string second = token_by(forgot_path);
  s.when(post(reset_path, reset(first))).then(204);
  const auto emails = sent(s);
  ASSERT_EQ(emails.size(), 1u);
  EXPECT_NE(emails[0].find("password"), std::string::npos);
  EXPECT_EQ(emails[0].find("#token="), std::string::npos);
  can_log_in(password, 401);
  can_log_in("Another-Horse-8");
  s.when(post(reset_path, reset(first, "Third-Horse-9"))).then(422, refused);
  s.when(post(reset_path, reset(second, "Third-Horse-9"))).then(422, refused);
  can_log_in("Another-Horse-8");
  s.when(post("/api/v1/auth/login", R"({"email":"ann@example.com","password":"Another-Horse-8"})"))
      .then(200, shows("/user/verified", "true"));
}

TEST_F(recovery_test, a_new_password_ends_all_sessions) {
  registered();
  sent(s);
  s.when(post("/api/v1/auth/login", R"({"email":"ann@example.com","password":"Correct-Horse-7"})"))
      .then(200, keep("token", "/access_token"), keep("refresh", "/refresh_token"))
      .when(get("/api/v1/users/me").with("Authorization", "Bearer {token}"))
      .then(200);
  s.when(post(reset_path, reset(token_by(forgot_path)))).then(204);
  s.when(get("/api/v1/users/me").with("Authorization", "Bearer {token}"))
      .then(401)
      .when(post("/api/v1/auth/refresh", R"({"refresh_token":"{refresh}"})"))
      .then(401);
  can_log_in("Another-Horse-8");
}

TEST_F(recovery_test, emails_to_one_address_are_bounded_whether_it_has_an_account_or_not) {
  registered();
  for (const char* email : {"ann@example.com", "nobody@example.com"}) {
    // Where she registered she is known.
    const auto most = accounts::emails_max + (email[0] == 'a' ? accounts::own_emails_max : 0);
    for (int n = 0; n < most; ++n) s.when(post(forgot_path, json("email", email))).then(202);
    s.when(post(forgot_path, json("email", email))).then(429, problem("limited"), field("Retry-After"));
    s.when(post(resend_path, json("email", email))).then(429);
  }
  s.after(15min).when(post(forgot_path, json("email", "ann@example.com"))).then(202);
}

TEST_F(recovery_test, a_bad_password_leaves_the_token_good) {
  registered();
  sent(s);
  const std::string token = token_by(forgot_path);
  for (const char* bad : {"short", "no-digit-Here", "ann@example.com-A1"})
    s.when(post(reset_path, reset(token, bad))).then(422);
  s.when(post(reset_path, reset(token))).then(204);
}

TEST_F(recovery_test, the_table_never_holds_a_token) {
  registered();
  sent(s);
  const std::string token = token_by(forgot_path).substr(0, 20);
  std::size_t items = 0;
  const auto walked = s.place().table().walk({}, [&](table::key_view key, record::item_view item) {
    ++items;
    EXPECT_EQ(std::string(item.bytes()).find(token), std::string::npos) << key.pk;
    return true;
  });
  ASSERT_TRUE(walked);
  EXPECT_GT(items, 3u);
}

}  // namespace
}  // namespace spaces::test
