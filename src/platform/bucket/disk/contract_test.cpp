#include "platform/bucket/contract_test.hpp"

#include "platform/bucket/disk/bucket_on_disk.hpp"

namespace spaces::bucket {

INSTANTIATE_TEST_SUITE_P(disk, bucket_contract, testing::Values(make_a_disk_bucket));

}  // namespace spaces::bucket
