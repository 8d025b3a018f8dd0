#include "app/permissions.hpp"

#include "platform/bucket/s3/s3_bucket.hpp"
#include "platform/table/dynamodb/policy.hpp"

#include <utility>

namespace spaces::app {

std::vector<aws::iam_statement> permissions(const permission_subject& subject) {
  using table::dynamodb::role;
  std::vector<aws::iam_statement> all;
  if (!subject.table.empty())
    all = table::dynamodb::statements({subject.table, subject.kms_key},
                                      subject.operators ? role::operators : role::process);
  if (!subject.bucket.empty()) {
    bucket::s3_options options{subject.bucket};
    if (!subject.bucket_kms_key.empty()) {
      options.encrypted = bucket::encryption::kms;
      options.kms_key = subject.bucket_kms_key;
    }
    for (aws::iam_statement& one : bucket::statements(options)) all.push_back(std::move(one));
  }
  if (!subject.function.empty()) {
    all.push_back({"Log",
                   {"logs:CreateLogStream", "logs:PutLogEvents"},
                   {"arn:{partition}:logs:{region}:{account}:log-group:/aws/lambda/" + subject.function + ":*"}});
  }
  return all;
}

}  // namespace spaces::app
