#include "platform/table/dynamodb/policy.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>
#include <tuple>

namespace spaces::table::dynamodb {

namespace {

using testing::ElementsAre;
using testing::Not;

std::map<std::string, aws::iam_statement> by_sid(const std::vector<aws::iam_statement>& all) {
  std::map<std::string, aws::iam_statement> found;
  for (const aws::iam_statement& one : all) EXPECT_TRUE(found.emplace(one.sid, one).second) << one.sid;
  return found;
}

const policy_subject subject{.table = "market"};

TEST(dynamodb_policy, allows_the_process_its_items_and_its_indexes) {
  const auto found = by_sid(statements(subject, role::process));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found.at("Table").actions,
              ElementsAre("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
                          "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query",
                          "dynamodb:UpdateItem"));
  EXPECT_THAT(found.at("Table").resources, ElementsAre("arn:{partition}:dynamodb:{region}:{account}:table/market"));
  EXPECT_THAT(found.at("Indexes").actions, ElementsAre("dynamodb:Query"));
  EXPECT_EQ(found.at("Indexes").resources.size(), 5U);
  EXPECT_EQ(found.at("Indexes").resources[4], "arn:{partition}:dynamodb:{region}:{account}:table/market/index/GSI5");
}

TEST(dynamodb_policy, allows_operators_what_their_commands_call_besides) {
  const auto process = by_sid(statements(subject, role::process)).at("Table").actions;
  const auto operators = by_sid(statements(subject, role::operators)).at("Table").actions;
  EXPECT_THAT(operators, testing::IsSupersetOf(process));
  for (const char* action : {"dynamodb:CreateTable", "dynamodb:Scan", "dynamodb:UpdateTimeToLive"}) {
    EXPECT_THAT(operators, testing::Contains(action));
    EXPECT_THAT(process, Not(testing::Contains(action)));
  }
}

TEST(dynamodb_policy, never_allows_to_delete_a_table_or_all_of_anything) {
  for (const role of : {role::process, role::operators}) {
    for (const aws::iam_statement& one : statements({"market", "arn:aws:kms:eu-west-1:123456789012:key/1"}, of)) {
      EXPECT_THAT(one.actions, Not(testing::Contains("dynamodb:DeleteTable")));
      EXPECT_THAT(one.actions, Not(testing::Contains("dynamodb:*")));
      EXPECT_THAT(one.resources, Not(testing::Contains("*")));
    }
  }
}

TEST(dynamodb_policy, allows_the_tables_own_key_through_dynamodb) {
  const policy_subject with{"market", "arn:aws:kms:eu-west-1:123456789012:key/1"};
  const auto found = by_sid(statements(with, role::process));
  EXPECT_THAT(found.at("Key").actions, ElementsAre("kms:Decrypt"));
  EXPECT_THAT(found.at("Key").resources, ElementsAre(with.kms_key));
  EXPECT_EQ(found.at("Key").via_service, "dynamodb");
  EXPECT_THAT(by_sid(statements(with, role::operators)).at("Key").actions, testing::Contains("kms:CreateGrant"));
}

TEST(dynamodb_policy, knows_each_operation_once_for_each_action_and_resource) {
  std::set<std::tuple<std::string_view, std::string_view, resource>> seen;
  for (const permission& row : permissions())
    EXPECT_TRUE(seen.emplace(row.operation, row.action, row.on).second) << row.operation;
}

}  // namespace

}  // namespace spaces::table::dynamodb
