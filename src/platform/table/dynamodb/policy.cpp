#include "platform/table/dynamodb/policy.hpp"

#include "platform/table/dynamodb/schema.hpp"

#include <algorithm>
#include <utility>

namespace spaces::table::dynamodb {

namespace {

constexpr permission rows[] = {
    {"GetItem", "dynamodb:GetItem", resource::table, role::process},
    {"BatchGetItem", "dynamodb:BatchGetItem", resource::table, role::process},
    {"Query", "dynamodb:Query", resource::indexes, role::process},
    {"Query", "dynamodb:Query", resource::table, role::process},
    {"PutItem", "dynamodb:PutItem", resource::table, role::process},
    {"UpdateItem", "dynamodb:UpdateItem", resource::table, role::process},
    {"DeleteItem", "dynamodb:DeleteItem", resource::table, role::process},
    {"TransactWriteItems", "dynamodb:PutItem", resource::table, role::process},
    {"TransactWriteItems", "dynamodb:UpdateItem", resource::table, role::process},
    {"TransactWriteItems", "dynamodb:DeleteItem", resource::table, role::process},
    {"TransactWriteItems", "dynamodb:ConditionCheckItem", resource::table, role::process},
    {"DescribeTable", "dynamodb:DescribeTable", resource::table, role::process},
    {"Scan", "dynamodb:Scan", resource::table, role::operators},
    {"CreateTable", "dynamodb:CreateTable", resource::table, role::operators},
    {"UpdateTimeToLive", "dynamodb:UpdateTimeToLive", resource::table, role::operators},
    {"DescribeTimeToLive", "dynamodb:DescribeTimeToLive", resource::table, role::operators},
    {"UpdateContinuousBackups", "dynamodb:UpdateContinuousBackups", resource::table, role::operators},
    {"DescribeContinuousBackups", "dynamodb:DescribeContinuousBackups", resource::table, role::operators},
};

/// DynamoDB opens the table's key in the caller's name: to read and write it decrypts; making a table,
/// it also writes with the key and is given a grant to go on by itself.
constexpr std::string_view process_key_actions[] = {"kms:Decrypt"};
constexpr std::string_view operator_key_actions[] = {"kms:CreateGrant", "kms:Decrypt",          "kms:DescribeKey",
                                                     "kms:Encrypt",     "kms:GenerateDataKey*", "kms:ReEncrypt*"};
std::vector<std::string> actions_on(resource on, role of) {
  std::vector<std::string> found;
  for (const permission& row : rows)
    if (row.on == on && (row.of == role::process || row.of == of)) found.emplace_back(row.action);
  std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  return found;
}

}  // namespace

std::span<const permission> permissions() { return rows; }

std::vector<aws::iam_statement> statements(const policy_subject& subject, role of) {
  const std::string table = "arn:{partition}:dynamodb:{region}:{account}:table/" + subject.table;
  std::vector<std::string> indexes;
  for (const index_shape& shape : index_shapes) indexes.push_back(table + "/index/" + std::string(shape.name));
  std::vector<aws::iam_statement> made;
  made.push_back({"Table", actions_on(resource::table, of), {table}});
  made.push_back({"Indexes", actions_on(resource::indexes, of), std::move(indexes)});
  if (!subject.kms_key.empty()) {
    const std::span<const std::string_view> actions =
        of == role::operators ? std::span<const std::string_view>(operator_key_actions) : process_key_actions;
    made.push_back({"Key", {actions.begin(), actions.end()}, {subject.kms_key}, "dynamodb"});
  }
  return made;
}

}  // namespace spaces::table::dynamodb
