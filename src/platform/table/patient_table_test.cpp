#include "platform/table/patient_table.hpp"

#include "platform/table/item_writers.hpp"
#include "platform/table/test_table.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

namespace spaces::table {
namespace {

using namespace std::chrono_literals;

constexpr patience brief{1ms, 2ms, 5s};
constexpr patience none{1ms, 1ms, 0ms};

key key_of(int n) { return {"THING#" + std::to_string(n), "DETAILS"}; }
put thing(int n, std::vector<condition> conditions = {}) { return {key_of(n), {}, std::move(conditions)}; }

/// A table that cannot answer its next calls, or breaks a walk off behind so many items.
class busy_table final : public single_table {
 public:
  test::test_table inner;
  int busy = 0;
  int writes = 0;
  int items_until_busy = -1;

  result<bool> read(key_view key, consistency wanted, function_ref<void(record::item_view)> visit) override {
    if (busy-- > 0) return unavailable("busy");
    return inner.read(key, wanted, visit);
  }
  result<std::vector<std::optional<record::item>>> read_batch(const std::vector<key>& keys,
                                                              consistency wanted) override {
    if (busy-- > 0) return unavailable("busy");
    std::vector<std::optional<record::item>> found;
    for (const key& each : keys) found.push_back(*inner.get(each, wanted));
    return found;
  }
  result<bool> visit_index(const query& what, row_visitor visit) override { return inner.visit_index(what, visit); }
  result<bool> visit_partition(const partition_query& what, item_visitor visit) override {
    return inner.visit_partition(what, visit);
  }
  result<outcome> write(std::vector<operation> operations) override {
    ++writes;
    if (busy-- > 0) return unavailable("busy");
    return inner.write(std::move(operations));
  }
  result<void> walk(const std::optional<key>& after, item_visitor visit) override {
    for (auto at = after ? inner.items.upper_bound(*after) : inner.items.begin(); at != inner.items.end(); ++at) {
      if (items_until_busy-- == 0) return unavailable("busy");
      if (!visit(at->first, at->second.view())) break;
    }
    return {};
  }
  std::optional<std::uint64_t> table_version() override { return std::nullopt; }
  bool reads_inline() const override { return false; }
  std::string_view engine() const override { return "busy"; }
  result<void> ping() override { return {}; }
};

TEST(patient_table, waits_for_a_table_that_cannot_answer_now) {
  busy_table table;
  patient_table patient(table, brief);
  table.busy = 3;
  ASSERT_FALSE(*patient.write({thing(1)}));
  EXPECT_EQ(table.writes, 4);
  table.busy = 3;
  EXPECT_TRUE(*patient.get(key_of(1), consistency::strong));
  table.busy = 3;
  EXPECT_TRUE(patient.read_batch({key_of(1)}, consistency::strong)->front());
}

TEST(patient_table, does_not_write_again_what_is_not_as_good_twice) {
  busy_table table;
  patient_table patient(table, brief);
  table.busy = 1;
  EXPECT_EQ(patient.write({thing(1, {absent{}})}).error().kind, error_kind::unavailable);
  table.busy = 1;
  EXPECT_EQ(patient.write({add{key_of(2), "n", 1, {}, {}}}).error().kind, error_kind::unavailable);
  EXPECT_EQ(table.writes, 2);
}

TEST(patient_table, walks_on_from_where_it_was) {
  busy_table table;
  for (int n = 0; n < 9; ++n) ASSERT_FALSE(*table.inner.write({thing(n)}));
  patient_table patient(table, brief);
  table.items_until_busy = 4;
  std::vector<std::string> seen;
  ASSERT_TRUE(patient.walk(std::nullopt, [&](key_view where, record::item_view) {
    seen.emplace_back(where.pk);
    return true;
  }));
  EXPECT_EQ(seen.size(), 9U);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 9U);
}

TEST(patient_table, gives_up_in_the_end_and_sooner_on_what_will_not_pass) {
  busy_table table;
  patient_table patient(table, none);
  table.busy = 1000;
  EXPECT_EQ(patient.write({thing(1)}).error().kind, error_kind::unavailable);
  EXPECT_EQ(table.writes, 1);
  table.busy = 0;
  table.inner.read_fails = internal("damaged");
  EXPECT_EQ(patient_table(table, brief).get(key_of(1), consistency::strong).error().kind, error_kind::internal);
}

TEST(patient_table, does_not_wait_for_what_others_have_to_mend) {
  busy_table table;
  patient_table patient(table, {std::chrono::hours(1), std::chrono::hours(1), std::chrono::hours(24)});
  table.inner.read_fails = unavailable_for_good("no rights");
  const auto refused = patient.get(key_of(1), consistency::strong);
  EXPECT_EQ(refused.error().kind, error_kind::unavailable);
  EXPECT_FALSE(may_pass(refused.error()));
}

TEST(patient_table, stops_waiting_when_nobody_wants_the_rest) {
  static std::atomic<int> asked;
  asked = 0;
  busy_table table;
  table.busy = 1000;
  patience endless{std::chrono::hours(1), std::chrono::hours(1), std::chrono::hours(24)};
  endless.goes_on = [] { return ++asked < 3; };
  EXPECT_FALSE(patient_table(table, endless).write({thing(1)}));
  EXPECT_EQ(table.writes, 1);
  EXPECT_EQ(asked, 3);
}

TEST(item_writers, drop_what_waits_when_nobody_wants_the_rest) {
  static std::atomic<bool> ended;
  ended = false;
  busy_table table;
  item_writers writers(table, false, 1, 10, [] { return !ended.load(); });
  ended = true;
  for (int n = 0; n < 30; ++n) writers.add({{key_of(n), {}}});
  EXPECT_TRUE(writers.finish());
  EXPECT_EQ(writers.written(), 0U);
  EXPECT_EQ(table.writes, 0);
}

void judge(writers_limit& limit, std::size_t slow) {
  for (std::size_t n = 0; n < writers_limit::answers_judged; ++n)
    limit.answered(n < slow ? writers_limit::slow_answer + 1ms : 5ms);
}

TEST(writers_limit, is_halved_while_most_answers_are_slow_and_grows_back) {
  writers_limit limit(64);
  judge(limit, writers_limit::answers_judged);
  EXPECT_EQ(limit.allowed(), 32U);
  for (int n = 0; n < 10; ++n) judge(limit, writers_limit::answers_judged);
  EXPECT_EQ(limit.allowed(), 1U) << "somebody always writes";
  for (int n = 0; n < 100; ++n) judge(limit, 0);
  EXPECT_EQ(limit.allowed(), 64U);
}

TEST(writers_limit, is_not_changed_by_a_slow_answer_now_and_then) {
  writers_limit limit(64);
  for (int n = 0; n < 10; ++n) judge(limit, writers_limit::answers_judged / 10);
  EXPECT_EQ(limit.allowed(), 64U);
  judge(limit, writers_limit::answers_judged);
  judge(limit, writers_limit::answers_judged / 3);
  EXPECT_EQ(limit.allowed(), 32U) << "a third is no reason to change either way";
}

}  // namespace
}  // namespace spaces::table
