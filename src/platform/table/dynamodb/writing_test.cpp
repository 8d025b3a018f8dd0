/// Writes whose answers are lost, and writes in each other's way.
#include "dynamodb/faulty_service.hpp"
#include "dynamodb/table_beside.hpp"
#include "platform/base/deadline.hpp"
#include "platform/table/dynamodb/dynamodb_table.hpp"
#include "platform/table/revise.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace spaces::table {

namespace {

using test::fault;
using strings = std::vector<std::string>;

class dynamodb_writing : public testing::Test {
 protected:
  void SetUp() override {
    SPACES_NEEDS_DYNAMODB();
    ground_ = std::make_unique<test::table_beside>();
    auto faulty = std::make_unique<test::faulty_service>(test::make_service());
    faults_ = faulty.get();
    table_ = std::make_unique<dynamodb_table>(ground_->name(), std::move(faulty), time_);
    other_ = std::make_unique<dynamodb_table>(ground_->name(), test::make_service(), time_);
  }

  enum class told { written, refused, unavailable, internal };
  static told write_to(single_table& table, operation one) {
    std::vector<operation> operations;
    operations.push_back(std::move(one));
    return write_to(table, std::move(operations));
  }
  static told write_to(single_table& table, std::vector<operation> operations) {
    const result<outcome> done = table.write(std::move(operations));
    if (done) return *done ? told::refused : told::written;
    return done.error().kind == error_kind::unavailable ? told::unavailable : told::internal;
  }
  told write(operation one, std::vector<fault> faults = {}) {
    faults_->expect(std::move(faults));
    return write_to(*table_, std::move(one));
  }

  /// The number "n" of the item; -1 when there is none.
  std::int64_t number(const key& where = {"P", "S"}) {
    const auto found = other_->get(where, consistency::strong);
    EXPECT_TRUE(found);
    return *found ? (*found)->find("n").number.digits : -1;
  }
  static put put_number(std::int64_t n, std::vector<condition> conditions = {}) {
    return {{"P", "S"}, made_item{}.number("n", n), std::move(conditions)};
  }
  static condition number_is(std::int64_t n) { return equals{"n", make_decimal(n, 0)}; }

  held_clock time_;
  std::unique_ptr<test::table_beside> ground_;
  std::unique_ptr<dynamodb_table> table_;
  std::unique_ptr<dynamodb_table> other_;
  test::faulty_service* faults_ = nullptr;
};

TEST_F(dynamodb_writing, asks_once_for_one_operation) {
  EXPECT_EQ(write(put_number(1, {absent{}})), told::written);
  EXPECT_EQ(write(put_number(1)), told::written);
  EXPECT_EQ(write(add{{"P", "S"}, "n", 1, {}, {}}), told::written);
  EXPECT_EQ(write(add{{"P", "new"}, "n", 1, {}, made_item{}.number("TTL", time_.seconds() + 60)}), told::written);
  EXPECT_EQ(write(add{{"P", "new"}, "n", 1, {}, made_item{}.number("TTL", time_.seconds() + 60)}), told::written);
  EXPECT_EQ(write(check{{"P", "S"}, {exists{}}}), told::written);
  EXPECT_EQ(write(check{{"P", "S"}, {absent{}}}), told::refused);
  EXPECT_EQ(write(remove{{"P", "S"}, {}}), told::written);
  EXPECT_EQ(faults_->sent(), (strings{"PutItem", "PutItem", "UpdateItem", "UpdateItem", "UpdateItem", "GetItem",
                                      "GetItem", "DeleteItem"}));
}

TEST_F(dynamodb_writing, an_add_learns_what_is_there) {
  EXPECT_EQ(write(put_number(5)), told::written);
  // Live, but without what it would be made with.
  EXPECT_EQ(write(add{{"P", "S"}, "n", 1, {}, made_item{}.text("Otherwise", "set")}), told::written);
  EXPECT_EQ(number(), 6);
  EXPECT_EQ(write(put{{"P", "S"}, made_item{}.number("n", 5).number("TTL", time_.seconds()), {}}), told::written);
  EXPECT_EQ(write(add{{"P", "S"}, "n", 1, {}, made_item{}.text("Otherwise", "set")}), told::written);
  EXPECT_EQ(number(), 1);
  EXPECT_EQ(faults_->sent(), (strings{"PutItem", "UpdateItem", "UpdateItem", "PutItem", "UpdateItem", "PutItem"}));
}

TEST_F(dynamodb_writing, an_add_keeps_to_18_digits) {
  constexpr std::int64_t most = 999'999'999'999'999'999;
  EXPECT_EQ(write(put_number(most)), told::written);
  EXPECT_EQ(write(add{{"P", "S"}, "n", 1, {}, {}}), told::internal);
  EXPECT_EQ(number(), most);
  EXPECT_EQ(write(add{{"P", "S"}, "n", -2 * most, {}, {}}), told::internal) << "the amount itself has 19 digits";
  EXPECT_EQ(write(add{{"P", "S"}, "n", -most, {}, {}}), told::written);
  EXPECT_EQ(write(add{{"P", "S"}, "n", -most, {}, {}}), told::written);
  EXPECT_EQ(number(), -most);
  EXPECT_EQ(write(add{{"P", "S"}, "n", -1, {}, {}}), told::internal);
}

TEST_F(dynamodb_writing, a_lost_answer_of_a_conditional_put_is_a_success) {
  EXPECT_EQ(write(put_number(1, {absent{}}), {fault::answer_lost_and_sent_again}), told::written);
  EXPECT_EQ(write(put_number(2, {number_is(1)}), {fault::answer_lost_and_sent_again}), told::written);
  EXPECT_EQ(write(put_number(3, {number_is(2)}), {fault::answer_lost}), told::written);
  EXPECT_EQ(number(), 3);
}

TEST_F(dynamodb_writing, what_never_arrived_did_not_happen) {
  EXPECT_EQ(write(put_number(1), {fault::lost_on_the_way}), told::unavailable);
  EXPECT_EQ(write(add{{"P", "S"}, "n", 1, {}, {}}, {fault::lost_on_the_way}), told::unavailable);
  EXPECT_EQ(number(), -1);
}

TEST_F(dynamodb_writing, an_unconditional_write_is_not_sent_twice_but_looked_for) {
  EXPECT_EQ(write(put_number(1), {fault::answer_lost_and_sent_again}), told::written);
  EXPECT_EQ(write(add{{"P", "S"}, "n", 1, {}, {}}, {fault::answer_lost_and_sent_again}), told::written);
  EXPECT_EQ(number(), 2);
  EXPECT_EQ(write(remove{{"P", "S"}, {}}, {fault::answer_lost_and_sent_again}), told::written);
  EXPECT_EQ(number(), -1);
  EXPECT_EQ(faults_->sent(), (strings{"PutItem", "GetItem", "UpdateItem", "GetItem", "DeleteItem", "GetItem"}));
}

TEST_F(dynamodb_writing, what_nobody_can_tell_is_not_done_again_and_not_called_refused) {
  EXPECT_EQ(write(put_number(1)), told::written);
  const auto others_add = [this] { EXPECT_EQ(write_to(*other_, add{{"P", "S"}, "n", 10, {}, {}}), told::written); };
  faults_->meanwhile = others_add;
  EXPECT_EQ(write(put_number(2, {number_is(1)}), {fault::answer_lost_and_sent_again}), told::unavailable);
  EXPECT_EQ(number(), 12) << "ours, then the other's";
  faults_->meanwhile = others_add;
  EXPECT_EQ(write(add{{"P", "S"}, "n", 1, {}, {}}, {fault::answer_lost}), told::unavailable);
  EXPECT_EQ(number(), 23) << "once";
  faults_->meanwhile = others_add;
  EXPECT_EQ(write(put_number(50), {fault::answer_lost}), told::unavailable);
  EXPECT_EQ(number(), 60) << "the other's stays";
  EXPECT_EQ(write(remove{{"P", "S"}, {exists{}}}, {fault::answer_lost_and_sent_again}), told::unavailable);
  EXPECT_EQ(number(), -1);
}

TEST_F(dynamodb_writing, a_transaction_sent_twice_happens_once) {
  std::vector<operation> operations;
  operations.emplace_back(add{{"P", "S"}, "n", 1, {}, {}});
  operations.emplace_back(put{{"P", "T"}, made_item{}.number("n", 7), {absent{}}});
  faults_->expect({fault::answer_lost_and_sent_again});
  EXPECT_EQ(write_to(*table_, operations), told::written);
  EXPECT_EQ(number(), 1);
  EXPECT_EQ(number({"P", "T"}), 7);
  EXPECT_EQ(write_to(*table_, operations), told::refused) << "another write, though of the same operations";
  EXPECT_EQ(number(), 1);
}

TEST_F(dynamodb_writing, a_conflict_is_waited_out) {
  const std::vector<fault> thrice(3, fault::in_conflict);
  EXPECT_EQ(write(put_number(1, {absent{}}), thrice), told::written);
  std::vector<operation> operations;
  operations.emplace_back(add{{"P", "S"}, "n", 1, {}, {}});
  operations.emplace_back(put{{"P", "T"}, made_item{}.number("n", 7), {absent{}}});
  faults_->expect(thrice);
  EXPECT_EQ(write_to(*table_, operations), told::written);
  EXPECT_EQ(number(), 2);
  EXPECT_EQ(faults_->sent().size(), 8U);
}

/// Reasons of a cancellation by which nothing is wrong with the transaction itself.
TEST_F(dynamodb_writing, a_transaction_that_is_throttled_or_at_work_is_waited_out) {
  std::int64_t n = 0;
  for (const char* code : {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}) {
    faults_->conflict_code = code;
    std::vector<operation> operations;
    operations.emplace_back(add{{"P", "S"}, "n", 1, {}, {}});
    operations.emplace_back(remove{{"P", code}, {}});
    faults_->expect({fault::in_conflict, fault::at_work, fault::in_conflict});
    EXPECT_EQ(write_to(*table_, operations), told::written) << code;
    EXPECT_EQ(number(), ++n) << code;
  }
  EXPECT_EQ(faults_->sent(), strings(12, "TransactWriteItems"));
  faults_->conflict_code = "ItemCollectionSizeLimitExceeded";
  faults_->expect({fault::in_conflict});
  EXPECT_EQ(write_to(*table_, {put_number(1), check{{"P", "T"}, {absent{}}}}), told::internal);
}

TEST_F(dynamodb_writing, what_is_over_400_kb_is_refused_before_it_is_sent) {
  const put large{{"P", "S"}, made_item{}.text("T", std::string(item_bytes_max, 't')), {}};
  EXPECT_EQ(write(large), told::internal);
  EXPECT_EQ(write_to(*table_, {large, check{{"P", "T"}, {absent{}}}}), told::internal);
  EXPECT_EQ(write(add{{"P", "S"}, "n", 1, {}, large.item}), told::internal);
  EXPECT_EQ(faults_->sent(), strings());
}

TEST_F(dynamodb_writing, a_conflict_without_end_ends_by_the_deadline) {
  const deadline_scope until(std::chrono::milliseconds(50));
  EXPECT_EQ(write(put_number(1), std::vector<fault>(10'000, fault::in_conflict)), told::unavailable);
}

TEST_F(dynamodb_writing, of_64_who_revise_one_item_each_is_counted) {
  constexpr int writers = 64;
  ASSERT_EQ(write(put{{"P", "S"}, made_item{}.number("version", 0).number("n", 0), {}}), told::written);
  std::vector<std::thread> all;
  all.reserve(writers);
  std::atomic<int> counted = 0;
  const system_clock now;
  for (int i = 0; i < writers; ++i) {
    all.emplace_back([&] {
      const auto done = revise(*other_, {"P", "S"}, now, now.now() + std::chrono::seconds(60),
                               [](const record::item* before) -> result<revision> {
                                 const std::int64_t n = before->find("n").number.digits;
                                 return revision{made_item{}.number("version", n + 1).number("n", n + 1)};
                               });
      if (done) ++counted;
    });
  }
  for (std::thread& each : all) each.join();
  EXPECT_EQ(counted, writers);
  EXPECT_EQ(number(), writers);
}

}  // namespace

}  // namespace spaces::table
