// Sessions from login to their end, throttling, deletion of accounts.
#include "scenario/exports.hpp"
#include "scenario/login.hpp"

#include "marketplace/accounts/user.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <set>
#include <thread>

namespace spaces::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

/// Threads that all begin together; what each was answered.
std::vector<answer> concurrently(scenario& s, std::size_t count, const std::function<call(std::size_t)>& asks) {
  std::vector<answer> answers(count);
  std::atomic<bool> go = false;
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      while (!go) std::this_thread::yield();
      answers[i] = s.place().send(asks(i));
    });
  go = true;
  for (std::thread& thread : threads) thread.join();
  return answers;
}

std::size_t count_of(const std::vector<answer>& answers, int status) {
  return static_cast<std::size_t>(
      std::count_if(answers.begin(), answers.end(), [&](const answer& one) { return one.status == status; }));
}

TEST(Sessions, GoOnFromTokenToToken) {
  scenario s{"a login goes on by its last refresh token, ninety days at most"};
  s.when(register_user("ann@example.com"))
      .then(201)
      .when(log_in("ann@example.com"))
      .then(200, keep("r", "/refresh_token"));
  for (int day = 6; day < 90; day += 6) {
    s.after(hours(6 * 24)).when(renew("{r}"));
    s.then(200, shows("/expires_in", "1800"), shows("/user/email", "\"ann@example.com\""), keep("r", "/refresh_token"),
           keep("a", "/access_token"), field("Cache-Control", "no-store"));
    s.when(me("{a}")).then(200);
  }
  s.after(hours(6 * 24)).when(renew("{r}")).then(401, problem("invalid-token"));
}

TEST(Sessions, EndUnusedAfterAWeek) {
  scenario s{"a refresh token that nobody used for seven days is worth nothing"};
  s.when(register_user("ann@example.com"))
      .then(201)
      .when(log_in("ann@example.com"))
      .then(200, keep("r", "/refresh_token"));
  s.after(hours(7 * 24) + seconds(1)).when(renew("{r}")).then(401, problem("invalid-token"));
}

TEST(Sessions, TheParentIsHonouredForAMoment) {
  scenario s{"within ten seconds the same token gets the same pair; an older one ends the session"};
  s.when(register_user("ann@example.com")).then(201).when(log_in("ann@example.com"));
  s.then(200, keep("first", "/refresh_token"));
  s.after(minutes(1)).when(renew("{first}")).then(200, keep("second", "/refresh_token"), keep("a", "/access_token"));
  s.after(seconds(9)).when(renew("{first}"));
  s.then(200, shows("/refresh_token", "\"{second}\""), shows("/access_token", "\"{a}\""), shows("/expires_in", "1791"));
  s.when(renew("{second}")).then(200, keep("third", "/refresh_token"));
  s.when(me("{a}")).then(200);
  s.when(renew("{first}")).then(401, problem("invalid-token"));
  for (const char* each : {"{second}", "{third}"}) s.when(renew(each)).then(401, problem("invalid-token"));
  s.when(me("{a}")).then(401, problem("invalid-token"));
}

TEST(Sessions, TheParentIsOverAfterTenSeconds) {
  scenario s{"use of a token after its moment ends the session"};
  s.when(register_user("ann@example.com"))
      .then(201)
      .when(log_in("ann@example.com"))
      .then(200, keep("first", "/refresh_token"));
  s.when(renew("{first}")).then(200, keep("second", "/refresh_token"), keep("a", "/access_token"));
  s.after(seconds(10)).when(renew("{first}")).then(401, problem("invalid-token"));
  s.when(renew("{second}")).then(401).when(me("{a}")).then(401);
}

TEST(Sessions, ParallelRefreshesHaveOneSuccessor) {
  scenario s{"64 concurrent refreshes of one token give one successor"};
  const char* often = std::getenv("SPACES_REFRESH_ROUNDS");
  const int rounds = often ? std::atoi(often) : 3;
  s.when(register_user("ann@example.com"))
      .then(201)
      .when(log_in("ann@example.com"))
      .then(200, keep("r", "/refresh_token"));
  for (int round = 0; round < rounds; ++round) {
    call request = renew(s.filled("{r}"));
    const std::vector<answer> answers = concurrently(s, 64, [&](std::size_t) { return request; });
    std::set<std::string> successors;
    for (const answer& one : answers) successors.insert(one.text_at("/refresh_token"));
    ASSERT_EQ(count_of(answers, 200), 64u);
    ASSERT_EQ(successors.size(), 1u);
    ASSERT_NE(*successors.begin(), s.filled("{r}"));
    s.name("r", *successors.begin());
    s.after(seconds(20));
  }
}

TEST(Sessions, OnlyRefreshTokensRenew) {
  scenario s{"neither an access token nor an altered refresh token renews, and no refresh token opens"};
  s.when(register_user("ann@example.com")).then(201).when(log_in("ann@example.com"));
  s.then(200, keep("r", "/refresh_token"), keep("a", "/access_token"));
  for (const char* wrong : {"{a}", "{r}x", "x", "a.b.c", "{r}.x"})
    s.when(renew(wrong)).then(401, problem("invalid-token"));
  s.when(me("{r}")).then(401, problem("invalid-token"));
  s.when(renew("{r}")).then(200);
}

TEST(Sessions, LogOut) {
  scenario s{"who logs out is out immediately, elsewhere stays in"};
  s.when(register_user("ann@example.com")).then(201);
  s.when(log_in("ann@example.com")).then(200, keep("a", "/access_token"), keep("r", "/refresh_token"));
  s.when(log_in("ann@example.com")).then(200, keep("b", "/access_token"));
  for (int again = 0; again < 2; ++again) s.when(me("{a}")).then(200);
  s.when(holding(post("/api/v1/auth/logout", ""), "{a}")).then(204, field("Cache-Control", "no-store"));
  s.when(me("{a}")).then(401, problem("invalid-token")).when(renew("{r}")).then(401).when(me("{b}")).then(200);
  s.when(holding(post("/api/v1/auth/logout", ""), "{a}")).then(401);
}

TEST(Sessions, AreListedAndEnded) {
  scenario s{"one sees where one is logged in and ends what one does not know"};
  s.when(register_user("ann@example.com")).then(201).when(register_user("ben@example.com")).then(201);
  s.when(log_in("ann@example.com").with("User-Agent", "Phone")).then(200, keep("phone", "/access_token"));
  s.after(minutes(1)).when(log_in("ann@example.com").with("User-Agent", "Laptop"));
  s.then(200, keep("laptop", "/access_token"));
  s.when(log_in("ben@example.com")).then(200, keep("ben", "/access_token"));
  s.when(holding(get("/api/v1/users/me/sessions"), "{laptop}"));
  s.then(200, shows("/items/0/device", "\"Laptop\""), shows("/items/0/current", "true"),
         shows("/items/0/address", "\"127.0.0.1\""), shows("/items/1/device", "\"Phone\""),
         shows("/items/1/current", "false"), shows("/items/1/lastUsedAt", "\"2026-11-22T08:00:00.000Z\""),
         keep("one", "/items/1/id"));
  s.when(holding(remove("/api/v1/users/me/sessions/{one}"), "{ben}")).then(404, problem("not-found"));
  s.when(me("{phone}")).then(200);
  s.when(holding(remove("/api/v1/users/me/sessions/{one}"), "{laptop}")).then(204);
  s.when(me("{phone}")).then(401).when(me("{laptop}")).then(200);
  s.when(holding(remove("/api/v1/users/me/sessions/{one}"), "{laptop}")).then(404);
}

TEST(Sessions, AreBounded) {
  scenario s{"one login more than forty ends the one that was used least recently"};
  s.when(register_user("ann@example.com")).then(201);
  s.when(log_in("ann@example.com")).then(200, keep("oldest", "/access_token"), keep("r", "/refresh_token"));
  s.after(seconds(1)).when(log_in("ann@example.com")).then(200, keep("second", "/access_token"));
  s.after(seconds(1)).when(renew("{r}")).then(200);
  for (int more = 2; more < 40; ++more) s.after(seconds(1)).when(log_in("ann@example.com")).then(200);
  s.when(me("{second}")).then(200);
  s.after(seconds(1)).when(log_in("ann@example.com")).then(200).when(me("{second}")).then(401);
  s.when(me("{oldest}")).then(200);
}

TEST(Passwords, ChangeEndsAllOtherSessions) {
  scenario s{"another password ends every session but the one that asks"};
  s.when(register_user("ann@example.com")).then(201);
  s.when(log_in("ann@example.com")).then(200, keep("a", "/access_token"), keep("ra", "/refresh_token"));
  s.when(log_in("ann@example.com")).then(200, keep("b", "/access_token"), keep("rb", "/refresh_token"));
  const auto change = [](const char* from, const char* to) {
    return holding(put("/api/v1/users/me/password", body_of({{"currentPassword", from}, {"newPassword", to}})), "{a}");
  };
  s.when(change("Wrong-Horse-7", "Battery-Staple-8")).then(422, errors({{"/currentPassword", "wrong-password"}}));
  s.when(change(password, "short")).then(422, errors({{"/newPassword", "too-short"}}));
  s.when(me("{b}")).then(200);
  s.when(change(password, "Battery-Staple-8")).then(204);
  s.when(me("{a}")).then(200).when(renew("{ra}")).then(200).when(me("{b}")).then(401).when(renew("{rb}")).then(401);
  s.when(log_in("ann@example.com")).then(401).when(log_in("ann@example.com", "Battery-Staple-8")).then(200);
}

TEST(AccountDeletion, TakesEverythingAlong) {
  scenario s{"who leaves is gone: profile, logins and listings; the address is free again"};
  s.when(register_user("ann@example.com")).then(201);
  s.when(log_in("ann@example.com")).then(200, keep("a", "/access_token"), keep("r", "/refresh_token"));
  s.when(holding(post("/api/v1/properties", listing("", by("")).body()), "{a}")).then(201, keep("loft", "/id"));
  EXPECT_THAT(exported(s, "{a}", "user"), ElementsAre(HasSubstr(R"("email":"ann@example.com")")));
  EXPECT_THAT(exported(s, "{a}", "properties"), ElementsAre(HasSubstr(s.filled("{loft}"))));
  EXPECT_THAT(exported(s, "{a}", "sessions"), ElementsAre(HasSubstr(R"("address":"127.0.0.1")")));
  s.when(holding(remove("/api/v1/users/me"), "{a}")).then(415);
  call wrong = holding(remove("/api/v1/users/me"), "{a}");
  wrong.body = body_of({{"password", "Wrong-Horse-7"}});
  s.when(wrong).then(422, errors({{"/password", "wrong-password"}})).when(me("{a}")).then(200);
  wrong.body = body_of({{"password", password}});
  s.when(wrong).then(204).when(me("{a}")).then(401).when(renew("{r}")).then(401);
  s.when(log_in("ann@example.com")).then(401, problem("wrong-credentials"));
  s.place().do_jobs();
  s.given(buyer("ben")).when(get("/api/v1/properties/{loft}").as("ben")).then(404);
  s.when(get("/api/v1/properties").as("ben")).then(200, lists({}));
  s.after(minutes(2)).when(register_user("ann@example.com")).then(201);
}

TEST(Registration, OfOneAddressAtOnce) {
  scenario s{"of 100 concurrent registrations of one address one wins, and nothing of the others stays"};
  const std::vector<answer> answers =
      concurrently(s, 100, [](std::size_t i) { return register_user(i % 2 ? "ANN@example.com" : "ann@EXAMPLE.com"); });
  EXPECT_EQ(count_of(answers, 201), 1u);
  EXPECT_EQ(count_of(answers, 409), 99u);
  std::size_t users = 0;
  const auto walked = s.place().table().walk(std::nullopt, [&](table::key_view key, record::item_view) {
    users += key.pk.starts_with("USER#") ? 1 : 0;
    return true;
  });
  EXPECT_TRUE(walked);
  EXPECT_EQ(users, 1u);
  s.when(log_in("ann@example.com")).then(200);
}

TEST(Throttling, OfAnAccount) {
  scenario s{"ten failures in a quarter of an hour are enough, whether the account is there or not"};
  s.when(register_user("ann@example.com")).then(201);
  for (const char* email : {"ann@example.com", "nobody@example.com"}) {
    for (int failure = 0; failure < 10; ++failure) s.when(log_in(email, "Wrong-Horse-7")).then(401);
    s.after(minutes(5)).when(log_in(email));
    s.then(429, problem("limited"), field("Retry-After", "600"), field("RateLimit", "\"login\";r=0;t=600"),
           field("RateLimit-Policy", "\"login\";q=10;w=900"));
    s.after(minutes(10) + seconds(1)).when(log_in(email)).then(email[0] == 'a' ? 200 : 401);
  }
}

TEST(Throttling, SuccessClears) {
  scenario s{"a success forgets the failures of the account"};
  s.when(register_user("ann@example.com")).then(201);
  for (int round = 0; round < 3; ++round) {
    for (int failure = 0; failure < 9; ++failure) s.when(log_in("ANN@example.com", "Wrong-Horse-7")).then(401);
    s.when(log_in("ann@example.com")).then(200);
  }
}

TEST(Throttling, CountsGuessesThatComeAtOnce) {
  scenario s{"200 concurrent guesses are 200 attempts"};
  s.when(register_user("ann@example.com")).then(201);
  const std::vector<answer> answers =
      concurrently(s, 200, [](std::size_t) { return log_in("ann@example.com", "Wrong-Horse-7"); });
  EXPECT_EQ(count_of(answers, 401), 10u);
  EXPECT_EQ(count_of(answers, 429), 190u);
}

TEST(Throttling, OfAnAddress) {
  scenario s{"one address tries a hundred accounts, and registers a hundred"};
  for (int n = 0; n < 100; ++n) s.when(log_in("a" + std::to_string(n) + "@example.com")).then(401);
  s.when(log_in("b@example.com")).then(429, problem("limited"), field("Retry-After", "900"));
  for (int n = 0; n < 100; ++n) s.when(register_user("a" + std::to_string(n) + "@example.com")).then(201);
  s.when(register_user("b@example.com")).then(429, field("RateLimit-Policy", "\"register\";q=100;w=900"));
  s.after(minutes(15) + seconds(1)).when(register_user("b@example.com")).then(201);
  s.when(log_in("b@example.com")).then(200);
}

TEST(Throttling, OfTheAddressThatATrustedProxyNames) {
  scenario s{"behind one proxy each client has attempts of its own, whatever it writes itself", {.trusted_proxies = 1}};
  const auto by = [](const char* addresses, int n) {
    return log_in("a" + std::to_string(n) + "@example.com").with("X-Forwarded-For", addresses);
  };
  for (int n = 0; n < 100; ++n) s.when(by("192.0.2.1", n)).then(401);
  s.when(by("192.0.2.1", 100)).then(429, problem("limited"));
  s.when(by("203.0.113.9, 192.0.2.1", 101)).then(429, problem("limited"));
  s.when(by("192.0.2.1, 192.0.2.2", 102)).then(401);
}

TEST(Throttling, OfThePeerWhereNoProxyIsTrusted) {
  scenario s{"who names an address of its own gains nothing"};
  const auto by = [](int n) {
    return log_in("a" + std::to_string(n) + "@example.com").with("X-Forwarded-For", "192.0.2." + std::to_string(n));
  };
  for (int n = 0; n < 100; ++n) s.when(by(n)).then(401);
  s.when(by(100)).then(429, problem("limited"));
}

TEST(Logins, RenewAHashOfAnotherSystem) {
  scenario s{"a $2a$ hash of a lower cost opens, and is one of ours from then on", {.bcrypt_cost = 6}};
  s.when(register_user("ann@example.com")).then(201);
  const table::key where = accounts::credential_key("ann@example.com");
  const auto kept = [&] { return accounts::to_credential(s.place().table().get(where, {})->value().view()).value(); };
  accounts::credential brought = kept();
  brought.password_hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";  // crypt_blowfish's own
  const auto written = s.place().table().write({table::put{where, accounts::to_item(brought), {}}});
  ASSERT_TRUE(written && !*written);
  s.when(log_in("ann@example.com", "U*V")).then(401);
  EXPECT_EQ(kept().password_hash, brought.password_hash);
  s.when(log_in("ann@example.com", "U*U")).then(200);
  const std::string renewed = kept().password_hash;
  EXPECT_TRUE(renewed.starts_with("$2b$06$")) << renewed;
  s.when(log_in("ann@example.com", "U*U")).then(200).when(log_in("ann@example.com", "U*V")).then(401);
  EXPECT_EQ(kept().password_hash, renewed) << "once is enough";
}

TEST(Logins, ByForm) {
  scenario s{"OAuth 2's password form logs in, whatever the client says of itself"};
  s.when(register_user("ann@example.com")).then(201);
  const auto form = [](std::string text) {
    return post("/api/v1/auth/login", std::move(text))
        .with("Content-Type", "application/x-www-form-urlencoded")
        .with("Authorization", "Basic dW5kZWZpbmVkOg==");
  };
  s.when(form("grant_type=password&username=ann%40example.com&password=Correct-Horse-7&scope="))
      .then(200, shows("/token_type", "\"Bearer\""), keep("a", "/access_token"))
      .when(me("{a}"))
      .then(200)
      .when(form("grant_type=password&username=ann%40example.com&password=+Correct-Horse-7"))
      .then(401, problem("wrong-credentials"))
      .when(form("grant_type=client_credentials&username=x"))
      .then(422, errors({{"grant_type", "not-a-choice"}, {"/password", "required"}}))
      .when(post("/api/v1/auth/refresh", "a=b").with("Content-Type", "application/x-www-form-urlencoded"))
      .then(415);
}

TEST(Logins, AnExpiredTokenInTheHeadIsNoHindrance) {
  scenario s{"who sends an expired token with everything can still log in and go on"};
  s.when(register_user("ann@example.com")).then(201);
  s.when(log_in("ann@example.com")).then(200, keep("a", "/access_token"), keep("r", "/refresh_token"));
  s.after(minutes(31)).when(me("{a}")).then(401);
  s.when(holding(renew("{r}"), "{a}")).then(200).when(holding(log_in("ann@example.com"), "{a}")).then(200);
}

}  // namespace
}  // namespace spaces::test
