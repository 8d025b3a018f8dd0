/// A write for which there is no memory is refused alone, wherever on its way it runs out, in the caller's thread or
/// the one that writes; what was answered is there, and others go on.
#include "memory/replaced_new.hpp"
#include "platform/table/lmdb/store_under_test.hpp"
#include "waiting/waiting.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace spaces::table {
namespace {

using test::failing_allocation;

/// More than the write of a few items and the reopening of a store take.
constexpr std::size_t allocations_max = 2000;

class no_memory : public testing::Test {
 protected:
  no_memory() { options_.sync = false; }

  bool is_there(single_table& table, const key& which) {
    const auto found = table.get(which, consistency::strong);
    EXPECT_TRUE(found);
    return found && found->has_value();
  }

  /// What a write on a thread of its own comes to while the nth allocation of all but ours fails; empty: there was not
  /// even memory to say so.
  static std::optional<result<outcome>> write_without(single_table& table, std::vector<operation> operations,
                                                      std::size_t nth, bool& failed) {
    std::optional<result<outcome>> answer;
    const failing_allocation now(nth);
    std::thread caller([&] {
      try {
        answer.emplace(table.write(std::move(operations)));
      } catch (const std::bad_alloc&) {
        answer.reset();
      }
    });
    caller.join();
    failed = now.has_failed();
    return answer;
  }

  held_clock time_;
  temporary_folder folder_;
  lmdb_options options_ = options_for(folder_.path());
};

record::item made_of(std::size_t n, std::int64_t expires) {
  record::item item;
  item.append("text", record::value::of(std::string_view("São Paulo, and more than a short string holds")));
  item.append("number", record::value::of(make_decimal(static_cast<std::int64_t>(n), 0)));
  item.append(name::ttl, record::value::of(make_decimal(expires, 0)));
  append_index(item, index::gsi1, "OWNER of more than a short string holds", std::to_string(n));
  append_index(item, index::gsi5, "CITY of more than a short string holds", std::to_string(n));
  return item;
}

TEST_F(no_memory, costs_one_write) {
  const auto table = open_or_throw(options_, time_);
  const std::int64_t expires = std::chrono::floor<std::chrono::seconds>(time_.now()).time_since_epoch().count() + 3600;
  const auto write = [&](std::size_t n, bool& failed, std::size_t nth) {
    std::vector<operation> all;
    all.emplace_back(put{{"P" + std::to_string(n), "S"}, made_of(n, expires), {absent{}}});
    all.emplace_back(add{{"COUNT of more than a short string holds", "S"}, "made", 1, {}, {}});
    if (n > 0) all.emplace_back(remove{{"P0", "S"}, {}});
    return write_without(*table, std::move(all), nth, failed);
  };
  std::int64_t acknowledged = 0;
  bool failed = true;
  std::size_t n = 0;
  for (; failed && n < allocations_max; ++n) {
    const auto answer = write(n, failed, n + 1);
    const bool written = answer && *answer && !**answer;
    acknowledged += written ? 1 : 0;
    if (answer && !*answer) {
      EXPECT_TRUE(may_pass(answer->error())) << answer->error().private_text;
    }
    EXPECT_EQ(is_there(*table, {"P" + std::to_string(n), "S"}), written) << "allocation " << n + 1;
    const auto next = table->write({put{{"NEXT", "S"}, made_of(n, expires), {}}});
    ASSERT_TRUE(next && !*next) << "others go on behind allocation " << n + 1;
  }
  EXPECT_GT(n, 5U);
  EXPECT_LT(n, allocations_max);
  const auto count = table->get({"COUNT of more than a short string holds", "S"}, consistency::strong);
  ASSERT_TRUE(count && *count);
  EXPECT_EQ((*count)->find("made").number, make_decimal(acknowledged, 0));
}

/// Among others of its group it is the only one that is refused.
TEST_F(no_memory, costs_one_of_those_that_are_committed_together) {
  const auto table = open_or_throw(options_, time_);
  constexpr std::size_t writers = 8;
  bool failed = true;
  std::size_t n = 1;
  for (; failed && n < allocations_max; ++n) {
    std::atomic<std::size_t> written{0};
    std::vector<std::thread> callers;
    callers.reserve(writers);
    const failing_allocation now(n);
    for (std::size_t i = 0; i < writers; ++i)
      callers.emplace_back([&, i] {
        try {
          const auto done = table->write({put{{"P" + std::to_string(i), std::to_string(n)}, {}, {absent{}}}});
          written += done && !*done ? 1 : 0;
        } catch (const std::bad_alloc&) {
          return;
        }
      });
    for (std::thread& each : callers) each.join();
    failed = now.has_failed();
    EXPECT_GE(written, writers - 1) << n;
  }
  EXPECT_GT(n, 5U);
  EXPECT_LT(n, allocations_max);
}

/// The sweep has no caller: where there is no memory for it, it comes later.
TEST_F(no_memory, does_not_end_the_housekeeping) {
  options_.housekeeping_interval = std::chrono::milliseconds(1);
  const auto table = open_or_throw(options_, time_);
  for (std::size_t n = 1; n < 60; ++n) {
    const std::int64_t soon = std::chrono::floor<std::chrono::seconds>(time_.now()).time_since_epoch().count() + 1;
    const auto put_one = table->write({put{{"P", std::to_string(n)}, made_of(n, soon), {}}});
    ASSERT_TRUE(put_one && !*put_one);
    const failing_allocation now(n % 20 + 1);
    time_.move(std::chrono::seconds(1));
    EXPECT_TRUE(test::comes_true([&] { return table->counts().swept == n; })) << n;
  }
}

}  // namespace
}  // namespace spaces::table
