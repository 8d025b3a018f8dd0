/// A table of its own for each test, in the DynamoDB that SPACES_TEST_DYNAMODB_ENDPOINT names
/// (scripts/dynamodb_part.py starts one), reached as the program reaches it.
#pragma once

#include "platform/aws/service.hpp"
#include "platform/base/clock.hpp"
#include "platform/table/contract_test.hpp"

#include <memory>
#include <string>

namespace spaces::test {

/// Why there is none, for a test's skip; empty when there is one. Where all parts of the machine are demanded
/// (REQUIRE_ALL=1) there must be one: then it throws.
std::string missing_dynamodb();
#define SPACES_NEEDS_DYNAMODB() \
  if (const std::string missing = spaces::test::missing_dynamodb(); !missing.empty()) GTEST_SKIP() << missing

/// All share the process's connections.
std::unique_ptr<aws::service> make_service();

/// Makes a table of our shape; removed with this.
class table_beside {
 public:
  table_beside();
  ~table_beside();
  table_beside(const table_beside&) = delete;
  table_beside& operator=(const table_beside&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// For the contract suite.
table::table_under_test make_a_dynamodb_table(const clock& time);

}  // namespace spaces::test
