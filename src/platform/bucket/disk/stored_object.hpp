/// An object as it lies in its folder: the content, then the footer (object_footer.hpp).
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/bucket.hpp"

#include <sys/stat.h>

#include <string_view>

namespace spaces::bucket {

/// In the bucket's folder: where the objects are.
inline constexpr const char* objects_name = "objects";

instant modified_of(const struct stat& about);

/// The object at a key below `objects`, whatever its size; `internal` for a file that is none of ours.
result<opened_object> find_object(const descriptor& objects, std::string_view key);

/// Reads all of an object: whether its content is what its footer says.
result<bool> is_whole(const opened_object& found);

}  // namespace spaces::bucket
