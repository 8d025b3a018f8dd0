#include "platform/table/revise.hpp"

#include "platform/table/test_table.hpp"
#include "waiting/waiting.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

namespace spaces::table {
namespace {

using namespace std::string_view_literals;
using record::item;
using record::value;

/// Moves on by a second at each look.
class ticking_clock final : public clock {
 public:
  instant now() const override { return now_ += std::chrono::seconds{1}; }

 private:
  mutable instant now_{};
};

constexpr instant in(int seconds) { return instant{} + std::chrono::seconds{seconds}; }

const key where{"THING#1", "DETAILS"};
const key where_else{"THING#2", "DETAILS"};

item version(std::int64_t number, std::string_view title) {
  item made;
  made.append(version_attribute, value::of(decimal{number, 0}));
  made.append("title", value::of(title));
  return made;
}

std::int64_t version_of(const item& held) { return held.find(version_attribute).number.digits; }

/// Appends "!" to the title and raises the version.
constexpr auto shout = [](const item* before) -> result<revision> {
  if (!before) return not_found("thing");
  return revision{version(version_of(*before) + 1, std::string(before->find("title").text) + "!")};
};

/// The counter of shouts, at most two.
operation counted() { return add{{"SHOUTS", "COUNT"}, "count", 1, {below{"count", decimal{2, 0}}}, {}}; }

TEST(revise, writes_what_stands_alongside_in_the_same_transaction) {
  test::test_table table;
  ticking_clock clock;
  table.items[where] = version(1, "Loft");
  table.items[{"NOTE", "1"}] = version(1, "there");
  const auto apply = [](const item* before) -> result<revision> {
    return revision{shout(before)->becomes, {put{{"NOTE", "2"}, version(1, "new"), {}}, remove{{"NOTE", "1"}, {}}}};
  };
  ASSERT_TRUE(revise(table, where, clock, in(9), apply));
  EXPECT_EQ(table.writes, 1U);
  EXPECT_EQ(version_of(table.items.at(where)), 2);
  EXPECT_TRUE(table.items.contains({"NOTE", "2"}));
  EXPECT_FALSE(table.items.contains({"NOTE", "1"}));
}

TEST(revise, finds_what_a_failed_condition_alongside_means) {
  test::test_table table;
  ticking_clock clock;
  table.items[where] = version(1, "Loft");
  item full;
  full.append("count", value::of(decimal{2, 0}));
  table.items[{"SHOUTS", "COUNT"}] = full;
  const auto apply = [](const item* before) -> result<revision> {
    return revision{shout(before)->becomes, {check{where_else, {absent{}}}, counted()}};
  };
  std::size_t calls = 0;
  const auto ended =
      revise(table, where, clock, in(9), apply, [&](std::size_t at, const condition_failure& why) -> result<void> {
        EXPECT_EQ(at, 1U);
        EXPECT_TRUE(why.found);
        if (++calls < 3) return {};  // once more
        return conflict("enough");
      });
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().public_text, "enough");
  EXPECT_EQ(calls, 3U);
  EXPECT_EQ(version_of(table.items.at(where)), 1);
}

TEST(revise, writes_what_apply_answers) {
  test::test_table table;
  table.items[where] = version(3, "Loft");
  ASSERT_TRUE(revise(table, where, ticking_clock(), in(10), shout));
  EXPECT_EQ(table.items[where].find("title"), value::of("Loft!"sv));
  EXPECT_EQ(version_of(table.items[where]), 4);
  EXPECT_EQ(table.writes, 1u);
}

TEST(revise, applies_again_to_what_another_writer_left) {
  test::test_table table;
  table.items[where] = version(1, "Loft");
  table.before_write = [&] {
    if (table.writes <= 2)
      table.items[where] = version(static_cast<std::int64_t>(table.writes) + 1, "Loft" + std::to_string(table.writes));
  };
  ASSERT_TRUE(revise(table, where, ticking_clock(), in(100), shout));
  EXPECT_EQ(table.items[where].find("title"), value::of("Loft2!"sv)) << "no change of the other is lost";
  EXPECT_EQ(version_of(table.items[where]), 4);
  EXPECT_EQ(table.writes, 3u);
}

TEST(revise, gives_up_at_the_deadline) {
  test::test_table table;
  table.items[where] = version(1, "Loft");
  std::int64_t newest = 1;
  table.before_write = [&] { table.items[where] = version(++newest, "theirs"); };
  const auto revised = revise(table, where, ticking_clock(), in(5), shout);
  ASSERT_FALSE(revised);
  EXPECT_EQ(revised.error().kind, error_kind::unavailable);
  EXPECT_EQ(table.items[where].find("title"), value::of("theirs"sv));
  EXPECT_EQ(table.writes, 5u);
}

/// Where many threads may look and write; the first `together` looks are over before anything is written.
class shared_table final : public test::test_table {
 public:
  explicit shared_table(std::ptrdiff_t together) : all_looked_(together), left_(together) {}

  result<bool> read(key_view which, consistency wanted, function_ref<void(record::item_view)> visit) override {
    const result<bool> found = [&] {
      const std::lock_guard lock(mutex_);
      return test_table::read(which, wanted, visit);
    }();
    if (left_.fetch_sub(1) > 0)
      all_looked_.arrive_and_wait();
    else
      test::let_time_pass(std::chrono::milliseconds{2});  // one who takes no turn meets another one here
    return found;
  }
  result<outcome> write(std::vector<operation> operations) override {
    const std::lock_guard lock(mutex_);
    return test_table::write(std::move(operations));
  }

 private:
  std::mutex mutex_;
  std::latch all_looked_;
  std::atomic<std::ptrdiff_t> left_;
};

TEST(revise, writers_who_met_take_turns) {
  constexpr unsigned writers = 16;
  shared_table table(writers);
  table.items[where] = version(1, "Loft");
  const system_clock clock;
  std::vector<std::jthread> threads;
  threads.reserve(writers);
  for (unsigned i = 0; i < writers; ++i)
    threads.emplace_back(
        [&] { EXPECT_TRUE(revise(table, where, clock, clock.now() + std::chrono::seconds{30}, shout)); });
  threads.clear();
  EXPECT_EQ(version_of(table.items[where]), 1 + writers);
  EXPECT_EQ(table.writes, 2 * writers - 1) << "all but the first are refused once, and nobody twice";
}

TEST(revise, tries_once_even_when_late) {
  test::test_table table;
  table.items[where] = version(1, "Loft");
  EXPECT_TRUE(revise(table, where, ticking_clock(), in(-5), shout));
}

TEST(revise, an_error_of_apply_ends_it_and_nothing_is_written) {
  test::test_table table;
  const auto revised = revise(table, where, ticking_clock(), in(10), shout);
  ASSERT_FALSE(revised);
  EXPECT_EQ(revised.error().kind, error_kind::not_found);
  EXPECT_EQ(table.writes, 0u);
}

TEST(revise, can_make_what_is_not_there_but_not_over_another_who_was_faster) {
  test::test_table table;
  const auto make_or_shout = [&](const item* before) -> result<revision> {
    return before ? shout(before) : result<revision>(revision{version(1, "mine")});
  };
  table.before_write = [&] {
    if (table.writes == 1) table.items[where] = version(1, "theirs");
  };
  ASSERT_TRUE(revise(table, where, ticking_clock(), in(10), make_or_shout));
  EXPECT_EQ(table.items[where].find("title"), value::of("theirs!"sv));
}

TEST(revise, removes_only_what_apply_saw) {
  test::test_table table;
  table.items[where] = version(1, "Loft");
  table.before_write = [&] {
    if (table.writes == 1) table.items[where] = version(2, "sold");
  };
  const auto unless_sold = [](const item* before) -> result<revision> {
    if (before->find("title").text == "sold") return conflict("It is sold");
    return revision{};
  };
  EXPECT_EQ(revise(table, where, ticking_clock(), in(10), unless_sold).error().kind, error_kind::conflict);
  EXPECT_EQ(table.items.count(where), 1u);
  table.items[where] = version(3, "Loft");
  EXPECT_TRUE(revise(table, where, ticking_clock(), in(10), unless_sold));
  EXPECT_EQ(table.items.count(where), 0u);
}

TEST(revise, an_item_without_a_version_is_told_and_not_tried_for_ever) {
  test::test_table table;
  table.items[where].append("title", value::of("Loft"sv));
  const auto revised = revise(table, where, ticking_clock(), in(1000), shout);
  ASSERT_FALSE(revised);
  EXPECT_EQ(revised.error().kind, error_kind::internal);
  EXPECT_LE(table.writes, 1u);
}

TEST(revise, failures_of_the_table_are_passed_on) {
  test::test_table table;
  table.items[where] = version(1, "Loft");
  table.write_fails = conflict("full");
  table.write_fails->kind = error_kind::storage_full;
  EXPECT_EQ(revise(table, where, ticking_clock(), in(10), shout).error().kind, error_kind::storage_full);
  table.read_fails = unavailable("down");
  EXPECT_EQ(revise(table, where, ticking_clock(), in(10), shout).error().kind, error_kind::unavailable);
}

}  // namespace
}  // namespace spaces::table
