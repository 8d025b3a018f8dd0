#include "platform/http/cached_answers.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace spaces::http {
namespace {

cached_answer answer_of(std::string bytes, audience who = audience::anyone) {
  cached_answer made;
  made.who = who;
  made.etag = "\"v1\"";
  prepared whole;
  whole.bytes = std::move(bytes);
  made.whole = std::make_shared<const prepared>(std::move(whole));
  return made;
}

TEST(cached_answers, an_answer_holds_for_its_target_coding_and_version_alone) {
  cached_answers answers;
  answers.keep("/a", false, 7, answer_of("plain"));
  answers.keep("/a", true, 7, answer_of("small"));
  EXPECT_EQ(answers.find("/a", false, 7)->whole->bytes, "plain");
  EXPECT_EQ(answers.find("/a", true, 7)->whole->bytes, "small");
  EXPECT_FALSE(answers.find("/a", false, 8));
  EXPECT_FALSE(answers.find("/a", false, 6));
  EXPECT_FALSE(answers.find("/b", false, 7));
  EXPECT_FALSE(answers.find("/a/", false, 7));
  EXPECT_FALSE(answers.find("", false, 0)) << "an empty place is no answer";
}

TEST(cached_answers, a_newer_answer_takes_the_place_of_the_older) {
  cached_answers answers;
  answers.keep("/a", false, 1, answer_of("old"));
  const std::size_t bytes = answers.bytes();
  const auto held = answers.find("/a", false, 1);
  answers.keep("/a", false, 2, answer_of("new"));
  EXPECT_EQ(answers.bytes(), bytes);
  EXPECT_FALSE(answers.find("/a", false, 1));
  EXPECT_EQ(answers.find("/a", false, 2)->whole->bytes, "new");
  EXPECT_EQ(held->whole->bytes, "old") << "who is sending it still has it";
}

TEST(cached_answers, what_is_asked_for_once_is_not_worth_keeping) {
  cached_answers answers;
  EXPECT_FALSE(answers.worth_keeping("/a", false, 7));
  EXPECT_TRUE(answers.worth_keeping("/a", false, 7));
  EXPECT_FALSE(answers.worth_keeping("/a", true, 7)) << "another coding is another answer";
  EXPECT_FALSE(answers.worth_keeping("/b", false, 7));
  EXPECT_FALSE(answers.worth_keeping("/a", true, 8)) << "what changes before it is asked for again neither";
}

TEST(cached_answers, memory_is_bounded_whatever_comes) {
  cached_answers answers;
  const std::string large(60'000, 'x');
  for (int i = 0; i < 3000; ++i) {
    answers.keep("/" + std::to_string(i), i % 2 == 0, static_cast<std::uint64_t>(i / 500), answer_of(large));
    ASSERT_LE(answers.bytes(), cached_answers::bytes_max);
  }
  EXPECT_GT(answers.bytes(), cached_answers::bytes_max / 2) << "and used";
  answers.keep("/huge", false, 9, answer_of(std::string(cached_answers::bytes_max, 'x')));
  EXPECT_FALSE(answers.find("/huge", false, 9));
}

TEST(cached_answers, old_answers_give_their_room_to_new_ones_wherever_they_lie) {
  cached_answers answers;
  const std::string large(60'000, 'x');
  for (int i = 0; i < 1000; ++i) answers.keep("/old/" + std::to_string(i), false, 1, answer_of(large));
  int kept = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string target = "/new/" + std::to_string(i);
    answers.keep(target, false, 2, answer_of(large));
    if (answers.find(target, false, 2)) ++kept;
  }
  EXPECT_EQ(kept, 100);
}

TEST(cached_answers, threads_find_whole_answers) {
  cached_answers answers;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&answers, t] {
      for (int i = 0; i < 3000; ++i) {
        const std::string target = "/" + std::to_string(i % 97);
        if (t % 2 == 0) {
          answers.keep(target, false, 1, answer_of(target + std::string(20'000, 'x')));
        } else if (const auto found = answers.find(target, false, 1)) {
          EXPECT_TRUE(found->whole->bytes.starts_with(target));
        }
      }
    });
  }
  for (std::thread& each : threads) each.join();
  EXPECT_LE(answers.bytes(), cached_answers::bytes_max);
}

}  // namespace
}  // namespace spaces::http
