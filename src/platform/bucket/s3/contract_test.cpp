#include "platform/bucket/contract_test.hpp"

#include "s3/bucket_beside.hpp"

namespace spaces::bucket {

INSTANTIATE_TEST_SUITE_P(s3, bucket_contract, testing::Values(test::make_an_s3_bucket));

}  // namespace spaces::bucket
