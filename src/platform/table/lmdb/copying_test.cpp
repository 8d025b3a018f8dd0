#include "platform/table/copying.hpp"

#include "platform/table/lmdb/store_under_test.hpp"
#include "platform/table/store_meta.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <utility>

namespace spaces::table {

namespace {

using record::value;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto go_on = [](const copy_counts&) { return true; };

/// Passes all on, and does to writes what a test asks for.
class faulty_table final : public single_table {
 public:
  explicit faulty_table(single_table& inner) : inner_(inner) {}
  std::function<void(operation&)> on_write = [](operation&) {};
  std::atomic<int> answers_lost = 0;  ///< of the next writes, which are carried out

  result<bool> read(key_view key, consistency wanted, function_ref<void(record::item_view)> visit) override {
    return inner_.read(key, wanted, visit);
  }
  result<std::vector<std::optional<record::item>>> read_batch(const std::vector<key>& keys,
                                                              consistency wanted) override {
    return inner_.read_batch(keys, wanted);
  }
  result<bool> visit_index(const query& what, row_visitor visit) override { return inner_.visit_index(what, visit); }
  result<bool> visit_partition(const partition_query& what, item_visitor visit) override {
    return inner_.visit_partition(what, visit);
  }
  result<outcome> write(std::vector<operation> operations) override {
    if (answers_lost-- > 0) {
      (void)inner_.write(std::move(operations));
      return unavailable("the answer was lost");
    }
    for (operation& one : operations) on_write(one);
    return inner_.write(std::move(operations));
  }
  result<void> walk(const std::optional<key>& after, item_visitor visit) override { return inner_.walk(after, visit); }
  std::optional<std::uint64_t> table_version() override { return inner_.table_version(); }
  std::size_t operations_together() const override { return 1; }
  bool reads_inline() const override { return true; }
  std::string_view engine() const override { return "faulty"; }
  result<void> ping() override { return inner_.ping(); }

 private:
  single_table& inner_;
};

class copying : public ::testing::Test {
 protected:
  copying() : from_(make_an_lmdb_table(time_)), to_(make_an_lmdb_table(time_)) {}

  single_table& from() const { return *from_.table; }
  single_table& to() const { return *to_.table; }

  static key key_of(std::size_t n) { return {"THING#" + std::to_string(n), "DETAILS"}; }
  record::item item_of(std::size_t n) const {
    record::item item;
    item.append("flag", value::of(n % 2 == 0));
    item.append("price", value::of(make_decimal(static_cast<std::int64_t>(n) * 1001, 3)));
    item.append("text", value::of(std::string_view(n % 3 == 0 ? "" : "São Paulo")));
    item.append(name::card, value::of_bytes(std::string_view("\0\xff\x7f", 3)));
    std::string texts;
    record::texts_view::append(texts, "a");
    record::texts_view::append(texts, "");
    item.append("texts", value::of(record::texts_view(texts)));
    item.append(name::index_pk[0], value::of(std::string_view("OWNER")));
    item.append(name::index_sk[0], value::of(std::string_view(std::to_string(n))));
    return item;
  }
  static void write(single_table& table, key key, record::item item) {
    std::vector<operation> one;
    one.emplace_back(put{std::move(key), std::move(item), {}});
    ASSERT_TRUE(table.write(std::move(one)));
  }
  void fill(std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) write(from(), key_of(n), item_of(n));
  }
  copy_report copied(single_table& into) {
    const auto report = copy_table(from(), into, time_, go_on);
    EXPECT_TRUE(report) << report.error().public_text << report.error().private_text;
    return report ? *report : copy_report{};
  }
  copy_report compared() {
    const auto report = compare_tables(from(), to(), time_, go_on);
    EXPECT_TRUE(report);
    return report ? *report : copy_report{};
  }

  system_clock time_;
  table_under_test from_;
  table_under_test to_;
};

TEST_F(copying, brings_every_item_and_what_the_store_says_of_itself) {
  fill(500);
  const copy_report report = copied(to());
  EXPECT_TRUE(report.same());
  EXPECT_FALSE(report.again || report.source_changed);
  EXPECT_EQ(report.source.items(), 500U);
  EXPECT_EQ(report.counts.written, 500U);
  EXPECT_EQ(report.source.to_hex(), report.destination.to_hex());
  EXPECT_EQ(*store_meta::read_secret(from()), *store_meta::read_secret(to())) << "or cursors would be refused";
  for (const std::size_t n : {0U, 250U, 499U})
    EXPECT_EQ(canonical(key_of(n), item_of(n).view()),
              canonical(key_of(n), (*to().get(key_of(n), consistency::strong))->view()));
  std::size_t rows = 0;
  query all;
  all.partition = "OWNER";
  ASSERT_TRUE(to().visit_index(all, [&](const row&) { return ++rows > 0; }));
  EXPECT_EQ(rows, 500U);
}

TEST_F(copying, again_writes_what_changed_and_removes_what_is_gone) {
  fill(300);
  ASSERT_TRUE(copied(to()).same());
  write(from(), key_of(7), item_of(8));
  write(from(), key_of(1000), item_of(1000));
  std::vector<operation> gone;
  gone.emplace_back(remove{key_of(9), {}});
  ASSERT_TRUE(from().write(std::move(gone)));
  EXPECT_THAT(compared().differences,
              ElementsAre("THING#1000 / DETAILS is missing in the destination", "THING#7 / DETAILS differs",
                          "THING#9 / DETAILS is not in the source"));
  const copy_report report = copied(to());
  EXPECT_TRUE(report.same() && report.again);
  EXPECT_EQ(report.counts.written, 2U);
  EXPECT_EQ(report.counts.unchanged, 298U);
  EXPECT_EQ(report.counts.removed, 1U);
  EXPECT_TRUE(compared().same());
}

TEST_F(copying, finds_what_was_altered_on_the_way_and_does_not_call_it_whole) {
  fill(300);
  faulty_table faulty(to());
  faulty.on_write = [](operation& one) {
    if (auto* what = std::get_if<put>(&one); what && what->key == key_of(77))
      what->item.set("price", value::of(make_decimal(1, 0)));
  };
  const copy_report report = copied(faulty);
  EXPECT_FALSE(report.same());
  EXPECT_EQ(report.source.items(), report.destination.items());
  EXPECT_NE(report.source.to_hex(), report.destination.to_hex());
  EXPECT_THAT(report.differences, ElementsAre("THING#77 / DETAILS differs"));
  const auto secret = store_meta::read_secret(to());
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error().public_text, HasSubstr("not whole"));
  EXPECT_THAT(compared().differences, testing::Contains(HasSubstr("not whole")));
  EXPECT_TRUE(copied(to()).same()) << "the same again puts it right";
  EXPECT_TRUE(store_meta::read_secret(to()));
}

TEST_F(copying, goes_on_where_it_was_stopped) {
  fill(400);
  const auto stopped = copy_table(from(), to(), time_, [](const copy_counts& counts) { return counts.read < 200; });
  ASSERT_TRUE(stopped);
  EXPECT_TRUE(stopped->interrupted && !stopped->same());
  EXPECT_FALSE(store_meta::read_secret(to())) << "half a store must not be served";
  const copy_report report = copied(to());
  EXPECT_TRUE(report.same() && report.again);
  EXPECT_GE(report.counts.unchanged, 100U);
  EXPECT_EQ(report.counts.unchanged + report.counts.written, 400U);
}

TEST_F(copying, interrupted_while_it_writes_it_drops_what_waits) {
  static std::atomic<std::size_t> writes;
  writes = 0;
  fill(400);
  faulty_table counting(to());
  counting.on_write = [](operation&) { ++writes; };
  patience how;
  how.goes_on = [] { return writes < 20; };
  const auto stopped = copy_table(from(), counting, time_, go_on, how);
  ASSERT_TRUE(stopped);
  EXPECT_TRUE(stopped->interrupted && !stopped->same());
  EXPECT_LT(stopped->counts.written, 20 + copy_writers_count) << "what was under way";
  EXPECT_FALSE(store_meta::read_secret(to()));
  EXPECT_TRUE(copied(to()).same());
}

TEST_F(copying, goes_into_an_empty_store_or_its_own_copy_only) {
  fill(3);
  write(to(), key_of(1), item_of(1));
  const auto refused = copy_table(from(), to(), time_, go_on);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, error_kind::conflict);
  EXPECT_THAT(refused.error().public_text, HasSubstr("another store"));
  EXPECT_TRUE(store_meta::read_secret(to())) << "and it is left as it was";
}

TEST_F(copying, does_not_take_from_a_copy_that_is_not_whole) {
  fill(400);
  ASSERT_TRUE(copy_table(from(), to(), time_, [](const copy_counts& counts) { return counts.read < 100; }));
  table_under_test third = make_an_lmdb_table(time_);
  const auto refused = copy_table(to(), *third.table, time_, go_on);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().public_text, HasSubstr("not whole"));
}

TEST_F(copying, writes_again_where_an_answer_was_lost) {
  fill(300);
  faulty_table faulty(to());
  std::atomic<bool> first = true;
  faulty.on_write = [&](operation&) {
    if (first.exchange(false)) faulty.answers_lost = 3;  // behind the store's own item
  };
  EXPECT_TRUE(copied(faulty).same());
}

TEST_F(copying, ends_with_the_first_failure_of_a_write) {
  fill(2000);
  faulty_table faulty(to());
  faulty.on_write = [](operation& one) {
    if (auto* what = std::get_if<put>(&one); what && what->key.pk == "THING#50") what->key.sk.clear();
  };
  EXPECT_FALSE(copy_table(from(), faulty, time_, go_on));
  EXPECT_FALSE(store_meta::read_secret(to()));
}

TEST_F(copying, copies_what_expires_soon_and_does_not_compare_it) {
  fill(10);
  record::item brief = item_of(50);
  const auto soon = std::chrono::duration_cast<std::chrono::seconds>(time_.now().time_since_epoch()).count() + 3600;
  brief.append(name::ttl, value::of(make_decimal(soon, 0)));
  write(from(), key_of(50), brief);
  const copy_report report = copied(to());
  EXPECT_TRUE(report.same());
  EXPECT_EQ(report.counts.written, 11U);
  EXPECT_EQ(report.source.items(), 10U);
  EXPECT_TRUE(*to().get(key_of(50), consistency::strong));
}

TEST_F(copying, tells_stores_of_another_origin_apart) {
  const copy_report report = compared();
  EXPECT_THAT(report.differences, ElementsAre("META / STORE is of another store"));
  EXPECT_FALSE(report.same());
}

TEST_F(copying, digests_do_not_depend_on_order_nor_on_the_write) {
  item_digest forward, backward, other;
  for (std::size_t n = 0; n < 20; ++n) forward.add(canonical(key_of(n), item_of(n).view()));
  for (std::size_t n = 20; n-- > 0;) {
    const record::item plain = item_of(n);
    record::item written;
    written.append(name::write_id, value::of(std::string_view("somebody's")));
    for (const record::attribute& one : plain.view()) written.append(one.name, one.value);
    backward.add(canonical(key_of(n), written.view()));
    other.add(canonical(key_of(n), item_of(n == 3 ? 4 : n).view()));
  }
  EXPECT_EQ(forward.to_hex(), backward.to_hex());
  EXPECT_NE(forward.to_hex(), other.to_hex());
  EXPECT_EQ(forward.to_hex().size(), 64U);
}

}  // namespace

}  // namespace spaces::table
