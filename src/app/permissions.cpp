#include "app/permissions.hpp"

#include "platform/bucket/s3/s3_bucket.hpp"
#include "platform/table/dynamodb/policy.hpp"

#include <utility>

namespace spaces::app {

std::vector<aws::iam_statement> permissions(const permission_subject& subject) {
  using table::dynamodb::role;
  std::vector<aws::iam_statement> all = table::dynamodb::statements(
      {subject.table, subject.kms_key}, subject.operators ? role::operators : role::process);
  if (!subject.bucket.empty()) {
    for (aws::iam_statement& one : bucket::statements({subject.bucket})) all.push_back(std::move(one));
  }
  if (!subject.function.empty()) {
    all.push_back({"Log",
                   {"logs:CreateLogStream", "logs:PutLogEvents"},
                   {"arn:{partition}:logs:{region}:{account}:log-group:/aws/lambda/" + subject.function + ":*"}});
  }
  return all;
}

}  // namespace spaces::app
