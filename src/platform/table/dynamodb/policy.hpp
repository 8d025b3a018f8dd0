/// The least that AWS IAM has to allow: what the process calls on its table, what operators' commands
/// call besides, and nothing else. One table of rows says which DynamoDB operation needs which actions.
#pragma once

#include "platform/aws/iam.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table::dynamodb {

/// Who calls an operation: the process that serves, or an operator's command.
enum class role : std::uint8_t { process, operators };

/// What a resource of the policy is.
enum class resource : std::uint8_t { table, indexes };

/// One DynamoDB operation and an action that it is allowed by. A transaction has no action of its own:
/// it needs those of what is in it.
struct permission {
  std::string_view operation;
  std::string_view action;
  resource on;
  role of;
};
std::span<const permission> permissions();

/// The table that a policy is for.
struct policy_subject {
  std::string table = {};
  std::string kms_key = {};  ///< ARN of the table's own key; empty: DynamoDB's, which needs no permission
};

/// What IAM has to allow. Operators' is what their commands need: the process's and more.
std::vector<aws::iam_statement> statements(const policy_subject& subject, role of);

}  // namespace spaces::table::dynamodb
