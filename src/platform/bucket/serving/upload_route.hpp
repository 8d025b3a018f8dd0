/// PUT /uploads/{permission}: where a client sends the bytes that it has a permission for, on a disk's bucket.
#pragma once

#include "platform/bucket/disk/disk_bucket.hpp"
#include "platform/http/route.hpp"

namespace spaces::bucket {

/// The permission alone says who may; the body goes to a file as it comes. The bucket outlives the row.
http::route upload_route(disk_bucket& bucket);

}  // namespace spaces::bucket
