// Nobody is guessed at, and nobody is locked out (OWASP ASVS 5.0, 6.1.1): both sides, each in one place.
#include "marketplace/accounts/attempts.hpp"
#include "marketplace/accounts/recovery.hpp"
#include "scenario/emails.hpp"
#include "scenario/login.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace spaces::test {
namespace {

using namespace std::chrono;

constexpr const char* wrong = "Wrong-Horse-7";
constexpr const char* home = "198.51.100.7";

call from(call request, const std::string& address) { return std::move(request).with("X-Forwarded-For", address); }

std::string address(int n) { return "203.0." + std::to_string(n / 250) + '.' + std::to_string(n % 250 + 1); }

/// Ann, who registered and logged in at home.
struct lockout : testing::Test {
  scenario s{"nobody is locked out", {.trusted_proxies = 1}};

  void SetUp() override {
    s.when(from(register_user("ann@example.com"), home)).then(201);
    s.when(from(log_in("ann@example.com"), home)).then(200, keep("a", "/access_token"));
  }
  /// Of the e-mail that came.
  std::string reset_token() {
    std::string token;
    for (const std::string& email : sent(s)) {
      std::smatch found;
      if (std::regex_search(email, found, std::regex("reset-password#token=([A-Za-z0-9_-]+)"))) token = found[1];
    }
    EXPECT_NE(token, "");
    return token;
  }
};

TEST_F(lockout, a_thousand_guesses_from_a_thousand_addresses_get_nowhere_and_the_owner_gets_in) {
  int tried = 0;
  int refused = 0;
  for (int n = 0; n < 1000; ++n) {
    const int status = s.place().send(from(log_in("ann@example.com", wrong), address(n))).status;
    ASSERT_TRUE(status == 401 || status == 429) << status;
    ++(status == 401 ? tried : refused);
    if (n % 100 == 50) s.when(from(log_in("ann@example.com"), home)).then(200);
  }
  EXPECT_EQ(tried, identity::account_failures_max + 1) << "and one that waited for its turn";
  EXPECT_EQ(refused, 1000 - identity::account_failures_max - 1);
  // Not even the right one is tried among so many.
  s.when(from(log_in("ann@example.com"), address(1000)));
  s.then(429, problem("limited"), field("Retry-After", "10"), field("RateLimit-Policy", "\"login-slowed\";q=1;w=10"));
}

TEST_F(lockout, beyond_the_wide_bound_strangers_are_slowed_and_not_stopped) {
  for (int n = 0; n < 200; ++n) (void)s.place().send(from(log_in("ann@example.com", wrong), address(n)));
  s.when(from(log_in("ann@example.com"), "192.0.2.1")).then(429);
  s.after(seconds(11)).when(from(log_in("ann@example.com"), "192.0.2.1")).then(200);
  s.when(from(log_in("ann@example.com"), "192.0.2.1")).then(200);  // where one has logged in one is known
}

TEST_F(lockout, a_strangers_failures_keep_nobody_else_out) {
  for (int failure = 0; failure < 10; ++failure) s.when(from(log_in("ann@example.com", wrong), address(1))).then(401);
  s.when(from(log_in("ann@example.com"), address(1))).then(429);
  s.when(from(log_in("ann@example.com"), home)).then(200);
  s.when(from(log_in("ann@example.com"), address(2))).then(200);
}

TEST_F(lockout, an_account_that_is_not_there_answers_alike) {
  for (const char* email : {"ann@example.com", "nobody@example.com"})
    for (int n = 0; n < 105; ++n) {
      const int expected = n <= 100 ? 401 : 429;
      s.when(from(log_in(email, wrong), address(n))).then(expected);
    }
}

TEST_F(lockout, a_known_address_has_a_count_of_its_own_that_ends) {
  for (int failure = 0; failure < 10; ++failure) s.when(from(log_in("ann@example.com", wrong), home)).then(401);
  s.when(from(log_in("ann@example.com"), home)).then(429, field("RateLimit-Policy", "\"login\";q=10;w=900"));
  s.after(minutes(15) + seconds(1)).when(from(log_in("ann@example.com"), home)).then(200);
}

TEST_F(lockout, passwords_that_a_session_gives_are_counted_by_session) {
  for (int failure = 0; failure < 10; ++failure) s.when(from(log_in("ann@example.com", wrong), home)).then(401);
  const auto change = [](const char* present) {
    return holding(
        put("/api/v1/users/me/password", body_of({{"currentPassword", present}, {"newPassword", "Battery-Staple-8"}})),
        "{a}");
  };
  for (int failure = 0; failure < 10; ++failure) s.when(change(wrong)).then(422);
  s.when(change(password)).then(429, field("RateLimit-Policy", "\"password\";q=10;w=900"));
  s.when(from(log_in("ann@example.com"), address(5))).then(200, keep("a", "/access_token"));
  s.when(change(password)).then(204);
}

TEST_F(lockout, deleting_an_account_is_counted_by_session) {
  for (int n = 0; n < 200; ++n) (void)s.place().send(from(log_in("ann@example.com", wrong), address(n)));
  call gone = holding(remove("/api/v1/users/me"), "{a}");
  gone.body = body_of({{"password", wrong}});
  for (int failure = 0; failure < 9; ++failure) s.when(gone).then(422);
  gone.body = body_of({{"password", password}});
  s.when(gone).then(204);
}

TEST_F(lockout, a_reset_clears_the_counts) {
  for (int n = 0; n < 200; ++n) (void)s.place().send(from(log_in("ann@example.com", wrong), address(n)));
  for (int failure = 0; failure < 10; ++failure) s.when(from(log_in("ann@example.com", wrong), home)).then(401);
  s.when(from(post("/api/v1/auth/forgot-password", body_of({{"email", "ann@example.com"}})), home)).then(202);
  s.name("t", reset_token());
  s.when(post("/api/v1/auth/reset-password", body_of({{"token", "{t}"}, {"password", "Battery-Staple-8"}}))).then(204);
  for (const std::string& place : {std::string(home), address(1), std::string("192.0.2.9")})
    s.when(from(log_in("ann@example.com", "Battery-Staple-8"), place)).then(200);
}

TEST_F(lockout, a_reset_lets_the_owner_in_while_the_guessing_goes_on) {
  const char* travelling = "192.0.2.99";
  const auto guess = [&] {
    for (int n = 0; n < 200; ++n) (void)s.place().send(from(log_in("ann@example.com", wrong), address(n)));
  };
  guess();
  s.when(from(log_in("ann@example.com"), travelling)).then(429);
  s.when(from(post("/api/v1/auth/forgot-password", body_of({{"email", "ann@example.com"}})), travelling)).then(202);
  s.name("t", reset_token());
  s.when(from(post("/api/v1/auth/reset-password", body_of({{"token", "{t}"}, {"password", "Battery-Staple-8"}})),
              travelling))
      .then(204);
  guess();
  s.when(from(log_in("ann@example.com", "Battery-Staple-8"), address(500))).then(429);
  s.when(from(log_in("ann@example.com", "Battery-Staple-8"), travelling)).then(200);
}

TEST_F(lockout, what_others_tried_from_an_address_keeps_nobody_out_who_is_known_there) {
  for (int n = 0; n < 100; ++n) s.when(from(log_in("b" + std::to_string(n) + "@example.com", wrong), home)).then(401);
  s.when(from(log_in("another@example.com", wrong), home)).then(429);
  s.when(from(log_in("ann@example.com"), home)).then(200);
  const auto forgot = [](const std::string& email) {
    return from(post("/api/v1/auth/forgot-password", body_of({{"email", email}})), home);
  };
  for (int n = 0; n < 100; ++n) s.when(forgot("b" + std::to_string(n) + "@example.com")).then(202);
  s.when(forgot("another@example.com")).then(429);
  s.when(forgot("ann@example.com")).then(202);
}

TEST_F(lockout, emails_that_strangers_ask_for_leave_one_for_the_owner) {
  const auto forgot = [](const std::string& by) {
    return from(post("/api/v1/auth/forgot-password", body_of({{"email", "ann@example.com"}})), by);
  };
  for (int n = 0; n < accounts::emails_max; ++n) s.when(forgot(address(n))).then(202);
  s.when(forgot(address(9))).then(429, field("RateLimit-Policy", "\"emails\";q=4;w=900"));
  s.when(forgot(home)).then(202);
  s.when(forgot(home)).then(429, field("RateLimit-Policy", "\"own-emails\";q=1;w=900"));
}

TEST(known_addresses, are_bounded_and_of_ipv6_a_network) {
  accounts::credential account;
  account.user_id = id_of("ann");
  EXPECT_TRUE(accounts::learn(account, "2001:db8:1:2::1"));
  EXPECT_TRUE(accounts::knows(account, "2001:db8:1:2::9"));
  EXPECT_FALSE(accounts::learn(account, "2001:db8:1:2::9"));
  for (int n = 0; n < 20; ++n) accounts::learn(account, address(n));
  EXPECT_EQ(account.known_addresses.size(), accounts::known_addresses_max);
  EXPECT_FALSE(accounts::knows(account, "2001:db8:1:2::1")) << "the oldest went";
  accounts::credential other;
  other.user_id = id_of("ben");
  other.known_addresses = account.known_addresses;
  EXPECT_FALSE(accounts::knows(other, address(3))) << "a digest is one account's";
}

}  // namespace
}  // namespace spaces::test
