#include "platform/table/contract_indexes_test.hpp"
#include "platform/table/contract_partitions_test.hpp"
#include "platform/table/contract_random_test.hpp"
#include "platform/table/contract_writes_test.hpp"
#include "platform/table/lmdb/store_under_test.hpp"

namespace spaces::table {

INSTANTIATE_TEST_SUITE_P(lmdb, table_contract, testing::Values(&make_an_lmdb_table, &make_a_swept_lmdb_table));

}  // namespace spaces::table
