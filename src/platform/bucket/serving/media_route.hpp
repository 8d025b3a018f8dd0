/// GET /media/{key}: what lies below the bucket's public prefix on this machine, for everybody who knows its name.
#pragma once

#include "platform/bucket/disk/disk_bucket.hpp"
#include "platform/http/route.hpp"

namespace spaces::bucket {

/// Pictures alone, whatever else lies there; sent from their files, for ever the same under one name. The bucket
/// outlives the row.
http::route media_route(disk_bucket& bucket);

}  // namespace spaces::bucket
