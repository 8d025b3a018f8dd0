/// One picture after the other, by the socket that this process was started with.
#pragma once

#include <cstdint>

namespace spaces::media {

/// Says that it is ready, then answers until the other side is gone. The process's exit status.
int serve_pictures(std::uint32_t landlock);

}  // namespace spaces::media
