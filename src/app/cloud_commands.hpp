/// The commands that running on AWS asks of an operator: what they are told, and where each is carried
/// out; cloud_command_words.cpp reads the words.
#pragma once

#include "cost/month.hpp"

#include <string>
#include <vector>

namespace spaces::app {

struct cost_options {
  cost::assumptions given;
  std::vector<std::string> mix;  ///< NAME=PERCENT
  std::string architecture = "arm64";
  bool no_recovery = false;
  bool no_free_tiers = false;
  bool prices = false;  ///< the table of prices instead
  bool json = false;
};

struct iam_options {
  std::string table;  ///< empty: DYNAMODB_TABLE
  std::string region;
  std::string account;
  std::string kms_key;
  std::string function;
  bool operators = false;
};

/// Each returns the process's exit status.
int run_cost(const cost_options& options);
int run_iam(const iam_options& options);

}  // namespace spaces::app
