/// What stands in a bucket's place where there is none: everything else works, and nothing can be uploaded.
#pragma once

#include "platform/bucket/bucket.hpp"

#include <memory>
#include <string>

namespace spaces::bucket {

/// Every call is `unavailable`, with `why` as its private text; it is well all the same, for nothing is wrong.
std::unique_ptr<object_store> make_no_bucket(std::string why);

}  // namespace spaces::bucket
