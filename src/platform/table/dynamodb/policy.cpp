#include "platform/table/dynamodb/policy.hpp"

#include "platform/record/json.hpp"
#include "platform/table/dynamodb/schema.hpp"

#include <algorithm>
#include <vector>

namespace spaces::table::dynamodb {

namespace {

constexpr permission rows[] = {
    {"GetItem", "dynamodb:GetItem", resource::table, role::process},
    {"BatchGetItem", "dynamodb:BatchGetItem", resource::table, role::process},
    {"Query", "dynamodb:Query", resource::indexes, role::process},
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
constexpr std::string_view log_actions[] = {"logs:CreateLogStream", "logs:PutLogEvents"};

std::string_view partition_of(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  return "aws";
}

std::vector<std::string_view> actions_on(resource on, role of) {
  std::vector<std::string_view> found;
  for (const permission& row : rows)
    if (row.on == on && (row.of == role::process || row.of == of)) found.push_back(row.action);
  std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  return found;
}

template <class Texts>
void append_texts(std::string& out, const Texts& texts) {
  out += '[';
  for (const auto& text : texts) {
    if (out.back() != '[') out += ',';
    out += "\n        ";
    record::append_json_string(out, text);
  }
  out += "\n      ]";
}

template <class Actions>
void append_statement(std::string& out, std::string_view id, const Actions& actions,
                      const std::vector<std::string>& resources, std::string_view condition = {}) {
  if (out.back() == '}') out += ',';
  out += "\n    {\n      \"Sid\": ";
  record::append_json_string(out, id);
  out += ",\n      \"Effect\": \"Allow\",\n      \"Action\": ";
  append_texts(out, actions);
  out += ",\n      \"Resource\": ";
  append_texts(out, resources);
  out += condition;
  out += "\n    }";
}

/// The key may only be used through DynamoDB.
std::string through_dynamodb(std::string_view region) {
  std::string out = ",\n      \"Condition\": {\n        \"StringEquals\": {\n          \"kms:ViaService\": ";
  record::append_json_string(
      out, "dynamodb." + std::string(region) + (region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com"));
  return out + "\n        }\n      }";
}

}  // namespace

std::span<const permission> permissions() { return rows; }

std::string policy_document(const policy_subject& subject, role of) {
  const std::string region = subject.region.empty() ? "REGION" : subject.region;
  const std::string account = subject.account.empty() ? "ACCOUNT" : subject.account;
  const std::string arn = "arn:" + std::string(partition_of(region)) + ":";
  const std::string place = ":" + region + ":" + account + ":";
  const std::string table = arn + "dynamodb" + place + "table/" + subject.table;
  std::vector<std::string> indexes;
  for (const index_shape& shape : index_shapes) indexes.push_back(table + "/index/" + std::string(shape.name));

  std::string out = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [";
  append_statement(out, "Table", actions_on(resource::table, of), {table});
  append_statement(out, "Indexes", actions_on(resource::indexes, of), indexes);
  if (!subject.kms_key.empty()) {
    const std::string condition = through_dynamodb(region);
    if (of == role::operators)
      append_statement(out, "Key", operator_key_actions, {subject.kms_key}, condition);
    else
      append_statement(out, "Key", process_key_actions, {subject.kms_key}, condition);
  }
  if (!subject.function.empty())
    append_statement(out, "Log", log_actions,
                     {arn + "logs" + place + "log-group:/aws/lambda/" + subject.function + ":*"});
  return out + "\n  ]\n}\n";
}

}  // namespace spaces::table::dynamodb
