#include "dynamodb/table_beside.hpp"
#include "platform/table/contract_indexes_test.hpp"
#include "platform/table/contract_partitions_test.hpp"
#include "platform/table/contract_random_test.hpp"
#include "platform/table/contract_writes_test.hpp"

namespace spaces::table {

INSTANTIATE_TEST_SUITE_P(dynamodb, table_contract, testing::Values(&test::make_a_dynamodb_table));

}  // namespace spaces::table
