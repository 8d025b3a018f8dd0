#include "platform/aws/credentials.hpp"

#include "platform/aws/test_client.hpp"
#include "platform/base/deadline.hpp"
#include "waiting/waiting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <vector>

namespace spaces::aws {
namespace {

using loaded = result<std::optional<credentials>>;

class scripted_source final : public credentials_source {
 public:
  explicit scripted_source(std::function<loaded(int)> load) : load_(std::move(load)) {}
  loaded load() override { return load_(++loads_); }

 private:
  const std::function<loaded(int)> load_;
  std::atomic<int> loads_{0};
};

credentials keys(int number, std::string_view until) {
  return {"KEY" + std::to_string(number), "secret", "", parse_instant(until)};
}

struct kept {
  explicit kept(std::function<loaded(int)> load) : keeper(std::make_unique<scripted_source>(std::move(load)), clock) {}

  std::string id() {
    const auto given = keeper.get();
    return given ? (*given)->access_key_id : given.error().private_text;
  }

  standing_clock clock{"2026-11-22T08:00:00Z"};
  credentials_keeper keeper;
};

TEST(credentials_keeper, asks_once_and_again_five_minutes_ahead_of_expiry) {
  kept one(
      [](int number) { return loaded(keys(number, number == 1 ? "2026-11-22T09:00:00Z" : "2026-11-22T10:00:00Z")); });
  EXPECT_EQ(one.id(), "KEY1");
  one.clock.set("2026-11-22T08:54:59Z");
  EXPECT_EQ(one.id(), "KEY1");
  one.clock.set("2026-11-22T08:55:00Z");
  EXPECT_EQ(one.id(), "KEY2");
}

TEST(credentials_keeper, keys_without_an_end_are_asked_for_once) {
  kept one([](int number) { return loaded(credentials{"KEY" + std::to_string(number), "s", "", std::nullopt}); });
  EXPECT_EQ(one.id(), "KEY1");
  one.clock.set("2036-11-22T08:00:00Z");
  EXPECT_EQ(one.id(), "KEY1");
}

TEST(credentials_keeper, one_caller_refreshes_and_the_others_go_on_with_what_there_is) {
  std::promise<void> called;
  std::promise<void> go_on;
  kept one([&](int number) {
    if (number == 2) {
      called.set_value();
      go_on.get_future().wait();
    }
    return loaded(keys(number, number == 1 ? "2026-11-22T08:10:00Z" : "2026-11-22T10:00:00Z"));
  });
  EXPECT_EQ(one.id(), "KEY1");
  one.clock.set("2026-11-22T08:06:00Z");
  auto refreshing = std::async(std::launch::async, [&] { return one.id(); });
  called.get_future().wait();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(one.id(), "KEY1");
  go_on.set_value();
  EXPECT_EQ(refreshing.get(), "KEY2");
  EXPECT_EQ(one.id(), "KEY2");
}

TEST(credentials_keeper, without_good_ones_all_wait_for_the_one_who_asks) {
  std::atomic<int> loads{0};
  std::atomic<int> asking{0};
  kept one([&](int number) {
    ++loads;
    test::comes_true([&] { return asking == 8; });
    return loaded(keys(number, "2026-11-22T10:00:00Z"));
  });
  std::vector<std::future<std::string>> callers;
  callers.reserve(8);
  for (int i = 0; i < 8; ++i) callers.push_back(std::async(std::launch::async, [&] { return ++asking, one.id(); }));
  for (auto& caller : callers) EXPECT_EQ(caller.get(), "KEY1");
  EXPECT_EQ(loads, 1);
}

TEST(credentials_keeper, nobody_waits_past_the_deadline) {
  std::promise<void> called;
  std::promise<void> go_on;
  kept one([&](int number) {
    called.set_value();
    go_on.get_future().wait();
    return loaded(keys(number, "2026-11-22T10:00:00Z"));
  });
  auto refreshing = std::async(std::launch::async, [&] { return one.id(); });
  called.get_future().wait();
  {
    const deadline_scope deadline(std::chrono::milliseconds(30));
    EXPECT_EQ(one.id(), "no AWS credentials in time");
  }
  go_on.set_value();
  EXPECT_EQ(refreshing.get(), "KEY1");
}

TEST(credentials_keeper, a_failed_refresh_is_tried_again_later_while_the_present_ones_are_good) {
  int loads = 0;
  kept one([&](int number) {
    loads = number;
    if (number > 1) return loaded(unavailable("the endpoint is away"));
    return loaded(keys(number, "2026-11-22T08:10:00Z"));
  });
  EXPECT_EQ(one.id(), "KEY1");
  one.clock.set("2026-11-22T08:06:00Z");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(one.id(), "KEY1");
  EXPECT_EQ(loads, 2);
  one.clock.set("2026-11-22T08:06:10Z");
  EXPECT_EQ(one.id(), "KEY1");
  EXPECT_EQ(loads, 3);
  one.clock.set("2026-11-22T08:10:00Z");
  EXPECT_EQ(one.id(), "the endpoint is away");
}

TEST(credentials_keeper, what_a_service_refuses_is_not_given_again) {
  kept one([](int number) { return loaded(keys(number, "2026-11-22T10:00:00Z")); });
  const auto first = *one.keeper.get();
  one.keeper.refuse(first);
  EXPECT_EQ(one.id(), "KEY2");
  one.keeper.refuse(first);  // somebody else heard of it later
  EXPECT_EQ(one.id(), "KEY2");
}

TEST(credentials_keeper, none_anywhere) {
  kept one([](int) { return loaded(std::optional<credentials>()); });
  EXPECT_THAT(one.id(), testing::StartsWith("no AWS credentials"));
}

}  // namespace
}  // namespace spaces::aws
