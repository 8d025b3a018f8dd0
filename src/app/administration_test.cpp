// What operators do about people, and how sessions end: each with what is kept of it.
#include "marketplace/accounts/administration.hpp"
#include "app/open_identity.hpp"
#include "platform/audit/audit.hpp"
#include "platform/feature/assembly.hpp"
#include "platform/feature/periodic.hpp"
#include "platform/identity/local/local_sessions.hpp"
#include "platform/table/item_digest.hpp"
#include "scenario/emails.hpp"
#include "scenario/login.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

struct told_end {
  uuid user, session;
  std::string why, address;
};

/// Ann, who registered and logged in; and an operator's process beside the server.
struct operating : testing::Test {
  scenario s{"operators act on people"};
  std::vector<told_end> ends;
  identity::local_identity tokens{
      identity::signing_keys(
          identity::signing_key::from_text(identity::generate_key_text(), identity::key_origin::generated).value()),
      app::scope_of({})};
  identity::local_sessions sessions{s.place().table(), s.place().clock(), tokens,
                                    [this](const uuid& user, const uuid& session, const identity::session_end& how) {
                                      ends.push_back({user, session, std::string(how.why), std::string(how.address)});
                                    }};
  accounts::administration people{s.place().table(), s.place().clock(), sessions};
  uuid ann;

  void SetUp() override {
    s.when(register_user("ann@example.com")).then(201, keep("ann", "/id"));
    s.when(log_in("ann@example.com")).then(200, keep("a", "/access_token"), keep("r", "/refresh_token"));
    ann = *parse_uuid(s.filled("{ann}"));
    sent(s);
  }
  instant soon() { return s.place().clock().now() + 10s; }
  instant now() { return s.place().clock().now(); }

  std::vector<table::operation> entry_of(const std::string& action) {
    return {audit::put_entry(audit::make_entry(action, to_text(ann), "op", "Why", now()))};
  }
  /// What can never be written.
  std::vector<table::operation> impossible() {
    table::put entry = std::get<table::put>(entry_of("never").front());
    entry.conditions = {table::exists{}};
    return {entry};
  }
  std::vector<std::string> audited() {
    std::vector<std::string> actions;
    const auto found = audit::list(s.place().table(), audit::listed_max, to_text(ann), std::nullopt);
    for (const audit::entry& each : found.value()) actions.push_back(each.action);
    return actions;
  }
  /// Everything that is kept.
  std::string kept() {
    table::item_digest all;
    const auto walked = s.place().table().walk(std::nullopt, [&](table::key_view key, record::item_view item) {
      all.add(table::canonical(key, item));
      return true;
    });
    EXPECT_TRUE(walked);
    return all.to_hex();
  }
};

/// Each act and its entry are one transaction: without the one there is not the other.
TEST_F(operating, is_one_transaction_with_its_audit_entry) {
  struct act {
    const char* name;
    std::function<result<void>(const std::vector<table::operation>& also, instant deadline)> does;
  };
  const act acts[] = {
      {"users suspend", [&](const auto& also, instant until) { return people.suspend(ann, "Why", also, until); }},
      {"users restore", [&](const auto& also, instant until) { return people.restore(ann, "Why", also, until); }},
      {"users end-sessions", [&](const auto& also, instant until) { return people.end_sessions(ann, also, until); }},
      {"users confirm-email", [&](const auto& also, instant until) { return people.confirm_email(ann, also, until); }},
  };
  std::vector<std::string> expected;
  for (const act& each : acts) {
    SCOPED_TRACE(each.name);
    if (std::string_view(each.name) == "users end-sessions") s.when(log_in("ann@example.com")).then(200);
    const std::string before = kept();
    const std::size_t ended = ends.size();
    EXPECT_FALSE(each.does(impossible(), now()));
    EXPECT_EQ(kept(), before) << "nothing is done without its entry";
    EXPECT_EQ(ends.size(), ended) << "nor said to be";
    EXPECT_TRUE(each.does(entry_of(each.name), soon()));
    s.after(1s);
    expected.insert(expected.begin(), each.name);
    EXPECT_EQ(audited(), expected);
  }
  // What is so already is refused, and leaves no entry.
  EXPECT_EQ(people.restore(ann, "Why", entry_of("users restore"), soon()).error().kind, error_kind::conflict);
  EXPECT_EQ(people.confirm_email(ann, entry_of("users confirm-email"), soon()).error().kind, error_kind::conflict);
  EXPECT_EQ(people.suspend(uuid{}, "Why", entry_of("users suspend"), soon()).error().kind, error_kind::not_found);
  EXPECT_EQ(audited(), expected);
}

TEST_F(operating, who_is_suspended_is_out_until_restored_and_is_told_both) {
  s.when(holding(post("/api/v1/properties", listing("", by("")).body()), "{a}")).then(201, keep("loft", "/id"));
  ASSERT_TRUE(people.suspend(ann, "Fraud", entry_of("users suspend"), soon()));
  s.when(renew("{r}")).then(401, problem("invalid-token"));
  s.when(log_in("ann@example.com")).then(403, problem("account-suspended"));
  s.when(log_in("ann@example.com", "Wrong-Horse-7")).then(401);
  std::vector<std::string> emails = sent(s);
  ASSERT_EQ(emails.size(), 1U);
  EXPECT_THAT(emails[0], AllOf(HasSubstr("suspended"), HasSubstr("Fraud")));
  s.given(buyer("ben")).when(get("/api/v1/properties/{loft}").as("ben")).then(404);
  ASSERT_TRUE(people.restore(ann, "A mistake", entry_of("users restore"), soon()));
  emails = sent(s);
  ASSERT_EQ(emails.size(), 1U);
  EXPECT_THAT(emails[0],
              AllOf(HasSubstr("open again"), HasSubstr("listings are shown as before"), HasSubstr("A mistake")));
  s.when(get("/api/v1/properties/{loft}").as("ben")).then(200);
  s.when(log_in("ann@example.com")).then(200);
}

/// What another process ended is known everywhere within 5 seconds: a server asks, a function asks before a token.
TEST_F(operating, tokens_of_ended_sessions_end_everywhere_within_five_seconds) {
  const std::vector<periodic> all = s.place().features().periodics();
  const auto row = std::ranges::find(all, "ended-sessions", &periodic::name);
  ASSERT_NE(row, all.end());
  EXPECT_LT(row->every, 5s);
  EXPECT_EQ(row->on_function, periodic::turn::before_token);
  EXPECT_LE(row->stale_after, 5s);
  s.when(me("{a}")).then(200);
  ASSERT_TRUE(people.suspend(ann, "Fraud", entry_of("users suspend"), soon()));
  ASSERT_TRUE(row->run(std::chrono::steady_clock::now() + 10s, {}));
  s.when(me("{a}")).then(401, problem("invalid-token"));
}

/// However a session ends, somebody is told: one line each in the security log.
TEST_F(operating, every_end_of_a_session_is_told_once) {
  const caller who{ann, user_role{0}, true};
  const auto opened = [&](const char* address) {
    s.after(1s);
    const auto made = sessions.open(who, {"a telephone", address}, {});
    EXPECT_TRUE(made);
    return made->refresh_token;
  };
  const auto why = [&] {
    std::vector<std::string> words;
    for (const told_end& each : ends) words.push_back(each.why);
    ends.clear();
    return words;
  };
  ASSERT_TRUE(people.end_sessions(ann, {}, soon()));
  EXPECT_THAT(why(), ElementsAre("by-an-operator")) << "the login of the server";
  const std::string first = opened("192.0.2.1");
  for (int more = 1; more < 40; ++more) opened("192.0.2.2");
  EXPECT_TRUE(ends.empty());
  const uuid oldest = sessions.list(ann)->back().id;
  opened("192.0.2.3");
  ASSERT_EQ(ends.size(), 1U) << "one more than forty";
  EXPECT_EQ(ends[0].user, ann);
  EXPECT_EQ(ends[0].session, oldest);
  EXPECT_EQ(ends[0].why, "too-many");
  EXPECT_EQ(ends[0].address, "192.0.2.3");
  ends.clear();
  EXPECT_FALSE(sessions.renew(first, "192.0.2.4"));
  EXPECT_TRUE(ends.empty()) << "it was over";

  const std::string second = opened("192.0.2.5");
  why();
  const auto renewed = sessions.renew(second, "192.0.2.5");
  ASSERT_TRUE(renewed);
  s.after(1min);
  EXPECT_FALSE(sessions.renew(second, "192.0.2.6"));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].session, renewed->session);
  EXPECT_EQ(ends[0].why, "reuse");
  EXPECT_EQ(ends[0].address, "192.0.2.6");
  ends.clear();

  const uuid another = sessions.list(ann)->front().id;
  ASSERT_TRUE(sessions.end(ann, another, {"logout", "192.0.2.7"}));
  ASSERT_TRUE(sessions.end(ann, another, {"logout", "192.0.2.7"}));
  EXPECT_THAT(why(), ElementsAre("logout")) << "once";
  const std::size_t left = sessions.list(ann)->size();
  ASSERT_TRUE(people.suspend(ann, "Fraud", {}, soon()));
  EXPECT_EQ(why(), std::vector<std::string>(left, "suspended"));
}

}  // namespace
}  // namespace spaces::test
