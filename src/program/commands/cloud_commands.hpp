/// The commands that running on AWS asks of an operator: what they are told, and where each is carried
/// out; cloud_command_words.cpp reads the words.
#pragma once

#include "marketplace/cost/month.hpp"

#include <cstdint>
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

/// Of spaces table create, describe and verify: what the table is to be.
struct table_options {
  std::string table;             ///< empty: DYNAMODB_TABLE
  std::uint64_t read_units = 0;  ///< 0: on demand
  std::uint64_t write_units = 0;
  std::string kms_key;
  bool no_recovery = false;
  bool no_deletion_protection = false;
  bool no_stream = false;
  bool json = false;
};

struct copy_options {
  std::string from;  ///< lmdb:DIR or dynamodb:TABLE
  std::string to;
  bool check_only = false;
  bool json = false;
};

/// Each returns the process's exit status.
int run_cost(const cost_options& options);
int run_iam(const iam_options& options);
int run_table_create(const table_options& options);
int run_table_describe(const table_options& options);
int run_table_verify(const table_options& options);
int run_table_copy(const copy_options& options);

}  // namespace spaces::app
