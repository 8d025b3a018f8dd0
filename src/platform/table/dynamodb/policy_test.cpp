#include "platform/table/dynamodb/policy.hpp"

#include "platform/record/json.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace spaces::table::dynamodb {

namespace {

using record::json_value;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A document's statements by their Sid, each action and resource in it.
struct statement {
  std::vector<std::string> actions;
  std::vector<std::string> resources;
};

std::map<std::string, statement> read(const std::string& document) {
  const auto parsed = record::parse_json(document);
  EXPECT_TRUE(parsed) << document;
  EXPECT_EQ(parsed->find("Version")->text, "2012-10-17");
  std::map<std::string, statement> found;
  for (const json_value& one : parsed->find("Statement")->elements) {
    EXPECT_EQ(one.find("Effect")->text, "Allow");
    statement& into = found[one.find("Sid")->text];
    for (const json_value& action : one.find("Action")->elements) into.actions.push_back(action.text);
    for (const json_value& resource : one.find("Resource")->elements) into.resources.push_back(resource.text);
  }
  return found;
}

const policy_subject subject{.table = "market", .region = "eu-west-1", .account = "123456789012"};

TEST(dynamodb_policy, allows_the_process_its_items_and_its_indexes) {
  const auto found = read(policy_document(subject, role::process));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found.at("Table").actions,
              ElementsAre("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
                          "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"));
  EXPECT_THAT(found.at("Table").resources, ElementsAre("arn:aws:dynamodb:eu-west-1:123456789012:table/market"));
  EXPECT_THAT(found.at("Indexes").actions, ElementsAre("dynamodb:Query"));
  EXPECT_EQ(found.at("Indexes").resources.size(), 5U);
  EXPECT_EQ(found.at("Indexes").resources[4], "arn:aws:dynamodb:eu-west-1:123456789012:table/market/index/GSI5");
}

TEST(dynamodb_policy, allows_operators_what_their_commands_call_besides) {
  const auto process = read(policy_document(subject, role::process)).at("Table").actions;
  const auto operators = read(policy_document(subject, role::operators)).at("Table").actions;
  EXPECT_THAT(operators, testing::IsSupersetOf(process));
  for (const char* action : {"dynamodb:CreateTable", "dynamodb:Scan", "dynamodb:UpdateTimeToLive"}) {
    EXPECT_THAT(operators, testing::Contains(action));
    EXPECT_THAT(process, Not(testing::Contains(action)));
  }
}

TEST(dynamodb_policy, never_allows_to_delete_a_table_or_all_of_anything) {
  policy_subject all = subject;
  all.kms_key = "arn:aws:kms:eu-west-1:123456789012:key/1";
  all.function = "spaces";
  for (const role of : {role::process, role::operators}) {
    const std::string document = policy_document(all, of);
    EXPECT_THAT(document, Not(HasSubstr("DeleteTable")));
    EXPECT_THAT(document, Not(HasSubstr("\"*\"")));
    EXPECT_THAT(document, Not(HasSubstr("dynamodb:*")));
  }
}

TEST(dynamodb_policy, takes_in_what_is_configured) {
  policy_subject with = subject;
  with.kms_key = "arn:aws:kms:eu-west-1:123456789012:key/1";
  with.function = "spaces";
  const std::string document = policy_document(with, role::process);
  const auto found = read(document);
  EXPECT_THAT(found.at("Key").actions, ElementsAre("kms:Decrypt"));
  EXPECT_THAT(found.at("Key").resources, ElementsAre(with.kms_key));
  EXPECT_THAT(document, HasSubstr(R"("kms:ViaService": "dynamodb.eu-west-1.amazonaws.com")"));
  EXPECT_THAT(found.at("Log").resources,
              ElementsAre("arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/spaces:*"));
  EXPECT_THAT(read(policy_document(with, role::operators)).at("Key").actions, testing::Contains("kms:CreateGrant"));
}

TEST(dynamodb_policy, has_placeholders_and_other_partitions) {
  const std::string open = policy_document({.table = "market"}, role::process);
  EXPECT_THAT(open, HasSubstr("arn:aws:dynamodb:REGION:ACCOUNT:table/market"));
  EXPECT_THAT(policy_document({.table = "m", .region = "cn-north-1"}, role::process), HasSubstr("arn:aws-cn:dynamodb"));
  EXPECT_THAT(policy_document({.table = "m", .region = "us-gov-west-1"}, role::process), HasSubstr("arn:aws-us-gov:"));
}

TEST(dynamodb_policy, knows_each_operation_once_for_each_action) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const permission& row : permissions())
    EXPECT_TRUE(seen.emplace(row.operation, row.action).second) << row.operation;
}

}  // namespace

}  // namespace spaces::table::dynamodb
