/// What the sender of a refused picture is told.
#pragma once

#include "platform/base/error.hpp"
#include "platform/picture/header.hpp"

#include <string_view>

namespace spaces::picture {

/// `invalid`, with a sentence that says what is allowed, and the reason's name ("not-a-picture") as the problem's code.
error refuse(reason why);

/// What `read_header` reads, as a result.
result<header> sniff(std::string_view bytes);

}  // namespace spaces::picture
