/// What AWS IAM has to allow the process, and who runs operators' commands: the statements of each provider that is
/// in use, in one list.
#pragma once

#include "platform/aws/iam.hpp"

#include <string>
#include <vector>

namespace spaces::app {

/// What a policy is made for.
struct permission_subject {
  std::string table = {};           ///< of DynamoDB; empty: none
  std::string kms_key = {};         ///< ARN of the table's own key; empty: DynamoDB's
  std::string function = {};        ///< of Lambda, whose log it writes; empty: none
  std::string bucket = {};          ///< of S3; empty: none
  std::string bucket_kms_key = {};  ///< ARN of the key that objects are encrypted with; empty: none of its own
  bool operators = false;           ///< for operators' commands rather than the process
};

std::vector<aws::iam_statement> permissions(const permission_subject& subject);

}  // namespace spaces::app
