#include "platform/table/dynamodb/policy.hpp"
#include "program/commands/cloud_commands.hpp"
#include "program/commands/command_line.hpp"
#include "program/commands/commands.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

namespace spaces::app {

namespace {

std::string or_environment(const std::string& given, const char* variable) {
  if (!given.empty()) return given;
  const char* found = std::getenv(variable);
  return found ? found : "";
}

bool is_account(const std::string& text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

int run_iam(const iam_options& options) {
  table::dynamodb::policy_subject subject;
  subject.table = or_environment(options.table, "DYNAMODB_TABLE");
  subject.region = or_environment(or_environment(options.region, "AWS_REGION"), "AWS_DEFAULT_REGION");
  subject.account = options.account;
  subject.kms_key = options.kms_key;
  subject.function = options.function;
  if (subject.table.empty())
    return fail("Name the table: --name, or the variable DYNAMODB_TABLE.", exit_status::wrong_usage);
  if (!subject.account.empty() && !is_account(subject.account))
    return fail(fmt::format("--account is '{}', which is not an account of twelve digits.", subject.account),
                exit_status::wrong_usage);
  if (!subject.kms_key.empty() && !subject.kms_key.starts_with("arn:"))
    return fail(fmt::format("--kms-key is '{}'; a policy names keys by their ARN.", subject.kms_key),
                exit_status::wrong_usage);
  using table::dynamodb::role;
  fmt::print("{}", policy_document(subject, options.operators ? role::operators : role::process));
  return exit_status::success;
}

}  // namespace spaces::app
