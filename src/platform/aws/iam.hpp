/// What AWS IAM has to allow: statements as values, which providers and features hand out and the one who prints a
/// policy puts together.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::aws {

/// One statement that allows. Resources are ARNs; {partition}, {region} and {account} in them stand for where the
/// policy is for, so that who needs a permission need not know that.
struct iam_statement {
  std::string sid;  ///< letters and digits, a name of its own in a policy
  std::vector<std::string> actions;
  std::vector<std::string> resources;
  /// Allowed only when this service of AWS does it for the caller ("dynamodb"): kms:ViaService. Empty: by anyone.
  std::string via_service = {};
  friend bool operator==(const iam_statement&, const iam_statement&) = default;
};

/// Where a policy is for. Empty texts become the placeholders REGION and ACCOUNT.
struct iam_place {
  std::string region = {};
  std::string account = {};  ///< twelve digits
};

/// A policy document of the statements in their order, indented for people.
std::string policy_document(std::span<const iam_statement> statements, const iam_place& place);

/// "aws", "aws-cn", "aws-us-gov" …: AWS's separate clouds, told apart by how their regions' names begin.
std::string_view partition_of(std::string_view region);

/// The domain of a region's endpoints: "amazonaws.com" in most.
std::string_view domain_of(std::string_view region);

/// The parts of arn:partition:service:region:account:resource.
struct arn {
  std::string partition;
  std::string service;
  std::string region;
  std::string account;
  std::string resource;  ///< the rest, colons and all: "table/market"
};
/// Empty for what is no ARN: parts missing, an account that is not twelve digits (nor left out), no resource.
std::optional<arn> parse_arn(std::string_view text);

/// Twelve digits.
bool is_account(std::string_view text);

/// A region becomes part of a host name: small letters, digits and hyphens, at most 32.
bool is_region(std::string_view text);

}  // namespace spaces::aws
