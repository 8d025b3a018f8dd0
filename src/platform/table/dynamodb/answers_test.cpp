#include "platform/table/dynamodb/answers.hpp"

#include <gtest/gtest.h>

namespace spaces::table::dynamodb {

namespace {

TEST(dynamodb_answers, tell_what_they_cost) {
  EXPECT_EQ(capacity_of(R"({"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5}})").half_units, 1U);
  EXPECT_EQ(capacity_of(R"({"ConsumedCapacity":{"CapacityUnits":7.0,"TableName":"t"}})").half_units, 14U);
  EXPECT_EQ(capacity_of(R"({"ConsumedCapacity":[{"CapacityUnits":14},{"CapacityUnits":1.5}]})").half_units, 31U);
  EXPECT_EQ(capacity_of(R"({"Attributes":{"n":{"N":"1"}}})").half_units, 0U);
  EXPECT_EQ(capacity_of("garbage").half_units, 0U);
}

TEST(dynamodb_answers, of_a_failed_condition_do_not_tell_what_they_cost) {
  const auto cost = [](const std::string& answer) { return charge_of_failure(answer).half_units; };
  const auto item = [](std::size_t bytes) { return R"({"v":{"S":")" + std::string(bytes, 'v') + "\"}}"; };
  EXPECT_EQ(cost(R"({"__type":"x#ConditionalCheckFailedException","message":"m"})"), 2U) << "nothing was there";
  EXPECT_EQ(cost(R"({"Item":)" + item(100) + "}"), 2U);
  EXPECT_EQ(cost(R"({"Item":)" + item(1900) + "}"), 4U);
  EXPECT_EQ(
      cost(R"({"CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Item":)" + item(1900) + "}]}"),
      4U + 8U)
      << "prepared and committed, each operation";
}

TEST(dynamodb_answers, of_a_failed_condition_hold_the_item_that_was_there) {
  const auto found =
      item_of(R"({"__type":"x#ConditionalCheckFailedException","Item":{"PK":{"S":"P"},"SK":{"S":"S"},"v":{"N":"3"}},)"
              R"("message":"m"})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->find("v").number, make_decimal(3, 0));
  EXPECT_EQ(found->find("PK").kind, record::value_kind::none);
  EXPECT_FALSE(item_of(R"({"__type":"x#ConditionalCheckFailedException","message":"m"})"));
  EXPECT_FALSE(item_of(R"({"Item":{"v":{"N":"3"}})"));
}

TEST(dynamodb_answers, of_a_canceled_transaction_hold_a_reason_for_each_operation) {
  const auto reasons = cancellation_reasons(
      R"({"__type":"x#TransactionCanceledException","Message":"m","CancellationReasons":[{"Code":"None"},)"
      R"({"Code":"ConditionalCheckFailed","Message":"The conditional request failed","Item":{"v":{"N":"3"}}},)"
      R"({"Code":"TransactionConflict","Message":"ongoing","Item":null},{"Code":"None","Message":null}]})");
  ASSERT_EQ(reasons.size(), 4U);
  EXPECT_EQ(reasons[0].code, "None");
  EXPECT_EQ(reasons[1].code, "ConditionalCheckFailed");
  ASSERT_TRUE(reasons[1].found);
  EXPECT_EQ(reasons[1].found->find("v").number, make_decimal(3, 0));
  EXPECT_EQ(reasons[2].code, "TransactionConflict");
  EXPECT_EQ(reasons[2].text, "ongoing");
  EXPECT_FALSE(reasons[2].found);
  EXPECT_TRUE(cancellation_reasons(R"({"CancellationReasons":[{"Code":1}]})").empty());
  EXPECT_TRUE(cancellation_reasons("{}").empty());
}

}  // namespace

}  // namespace spaces::table::dynamodb
