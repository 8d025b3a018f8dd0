#include "platform/identity/local/cached_tokens.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace spaces::identity {
namespace {

using namespace std::chrono_literals;

constexpr instant now{1'790'000'000s};

/// A person whose id tells the number, so that a mix-up shows.
caller person(std::uint32_t number) {
  caller who;
  for (std::size_t at = 0; at < 4; ++at) who.id.bytes[at] = static_cast<std::uint8_t>(number >> (8 * at));
  who.id.bytes[15] = 1;
  who.role = number % 2 == 0 ? user_role{1} : user_role{2};
  who.verified = number % 3 == 0;
  return who;
}

access_token said_of(std::uint32_t number, instant expires = now + 30min) {
  return {person(number), {}, now - clock_leeway, expires};
}

/// Looks like one of ours in what matters here: its end differs wherever it does.
std::string token_of(std::uint32_t number, std::size_t size = 360) {
  std::mt19937 random(number);
  std::string token(size, 'x');
  for (char& c : token) c = static_cast<char>('a' + random() % 26);
  return token;
}

bool same_person(const caller& a, const caller& b) {
  return a.id == b.id && a.role == b.role && a.verified == b.verified;
}

TEST(cached_tokens, finds_what_it_was_given_and_nothing_else) {
  cached_tokens table;
  EXPECT_FALSE(table.find(token_of(1), now));
  for (std::uint32_t number = 0; number < 100; ++number) table.put(token_of(number), said_of(number), table.epoch());
  int found = 0;
  for (std::uint32_t number = 0; number < 100; ++number) {
    const auto who = table.find(token_of(number), now);
    if (!who) continue;
    ++found;
    EXPECT_TRUE(same_person(*who, person(number)));
  }
  EXPECT_GE(found, 99);  // five in a place of four is next to impossible among 2,048
  EXPECT_FALSE(table.find(token_of(100), now));
}

TEST(cached_tokens, a_token_with_any_byte_changed_is_not_found) {
  cached_tokens table(1);  // one place: every token meets the cached one
  for (const std::size_t size : {cached_token_bytes_min, std::size_t{360}, cached_token_bytes_max}) {
    const std::string token = token_of(7, size);
    table.put(token, said_of(7), table.epoch());
    ASSERT_TRUE(table.find(token, now));
    for (std::size_t at = 0; at < token.size(); ++at) {
      std::string bad = token;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      ASSERT_FALSE(table.find(bad, now)) << at;
    }
    EXPECT_FALSE(table.find(token.substr(1), now));
    EXPECT_FALSE(table.find(token.substr(0, token.size() - 1), now));
    EXPECT_FALSE(table.find(token + "x", now));
    EXPECT_FALSE(table.find("x" + token, now));
  }
}

TEST(cached_tokens, time_is_kept_as_for_the_token_itself) {
  cached_tokens table;
  table.put(token_of(1), said_of(1, now + 30min), table.epoch());
  EXPECT_FALSE(table.find(token_of(1), now - clock_leeway - 1ms));
  EXPECT_TRUE(table.find(token_of(1), now - clock_leeway));
  EXPECT_TRUE(table.find(token_of(1), now + 30min - 1ms));
  EXPECT_FALSE(table.find(token_of(1), now + 30min));
}

TEST(cached_tokens, a_key_that_goes_takes_all_along) {
  cached_tokens table;
  const std::uint64_t before = table.epoch();
  table.put(token_of(1), said_of(1), before);
  table.forget();
  EXPECT_FALSE(table.find(token_of(1), now));
  table.put(token_of(2), said_of(2), before);  // verified while the key was still there
  EXPECT_FALSE(table.find(token_of(2), now));
  table.put(token_of(2), said_of(2), table.epoch());
  EXPECT_TRUE(table.find(token_of(2), now));
}

TEST(cached_tokens, a_full_place_lets_the_one_go_that_ends_first) {
  cached_tokens table(1);
  const auto ends = [](std::uint32_t number) { return now + std::chrono::minutes{10 + (number * 7) % 4}; };
  for (std::uint32_t number = 0; number < 4; ++number) {
    table.put(token_of(number), said_of(number, ends(number)), table.epoch());
    table.put(token_of(number), said_of(number, ends(number)), table.epoch());  // takes no second place
  }
  for (std::uint32_t number = 0; number < 4; ++number) EXPECT_TRUE(table.find(token_of(number), now)) << number;
  table.put(token_of(9), said_of(9, now + 1h), table.epoch());
  EXPECT_TRUE(table.find(token_of(9), now));
  for (std::uint32_t number = 0; number < 4; ++number) {
    EXPECT_EQ(table.find(token_of(number), now).has_value(), ends(number) != now + 10min) << number;
  }
}

TEST(cached_tokens, one_verified_before_a_key_went_drives_nobody_out) {
  cached_tokens table(1);
  const std::uint64_t before = table.epoch();
  table.forget();
  for (std::uint32_t number = 0; number < 4; ++number) table.put(token_of(number), said_of(number), table.epoch());
  table.put(token_of(9), said_of(9), before);
  for (std::uint32_t number = 0; number < 4; ++number) EXPECT_TRUE(table.find(token_of(number), now)) << number;
}

TEST(cached_tokens, what_is_too_long_or_too_short_is_left_alone) {
  cached_tokens table;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, cached_token_bytes_min - 1, cached_token_bytes_max + 1, std::size_t{20'000}}) {
    table.put(token_of(1, size), said_of(1), table.epoch());
    EXPECT_FALSE(table.find(token_of(1, size), now)) << size;
  }
}

TEST(cached_tokens, threads_never_get_each_other_s_people) {
  cached_tokens table(2);  // few places, so that they meet
  std::vector<std::string> tokens;
  tokens.reserve(24);
  for (std::uint32_t number = 0; number < 24; ++number) tokens.push_back(token_of(number, number % 2 == 0 ? 360 : 820));
  std::atomic<int> mixed_up{0};
  std::atomic<int> found{0};
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (unsigned seed = 0; seed < 4; ++seed) {
      threads.emplace_back([&, seed] {
        std::mt19937 random(seed);
        for (int count = 0; count < 20'000; ++count) {
          const auto number = static_cast<std::uint32_t>(random() % tokens.size());
          const std::uint64_t epoch = table.epoch();
          if (const auto who = table.find(tokens[number], now)) {
            found += 1;
            mixed_up += same_person(*who, person(number)) ? 0 : 1;
          } else {
            table.put(tokens[number], said_of(number), epoch);
          }
          if (random() % 512 == 0) table.forget();
        }
      });
    }
  }
  EXPECT_EQ(mixed_up, 0);
  EXPECT_GT(found, 0);
}

}  // namespace
}  // namespace spaces::identity
