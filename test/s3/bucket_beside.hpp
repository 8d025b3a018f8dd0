/// A bucket of its own for each test, in the S3 that SPACES_TEST_S3_ENDPOINT names (scripts/s3_part.py starts one),
/// reached as the program reaches it.
#pragma once

#include "platform/bucket/bucket_under_test.hpp"

#include <string>

namespace spaces::test {

/// Why there is none, for a test's skip; empty when there is one. Where all parts of the machine are demanded
/// (REQUIRE_ALL=1) there must be one: then it throws.
std::string missing_s3();

/// For the contract suite.
bucket::bucket_under_test make_an_s3_bucket();

}  // namespace spaces::test
