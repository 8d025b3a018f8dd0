/// What decodes, scales and encodes, in libvips' hands. Knows nothing of sockets and of the sandbox around it.
#pragma once

#include "platform/picture/header.hpp"
#include "platform/picture/preparer.hpp"

#include <string_view>
#include <variant>

namespace spaces::media {

/// Loads libvips and all that it may ever load; afterwards it opens nothing. False where it cannot be.
bool start_engine(const char* program);

/// One stage of one picture.
std::variant<picture::prepared, picture::reason> prepare(std::string_view bytes, picture::stage what);

/// Prepares a picture of every format once. False where one does not work.
bool warm_up();

}  // namespace spaces::media
