/// Base64 as JSON protocols carry bytes (RFC 4648, section 4). Cookies, tokens and cursors have their own,
/// url-safe form (base/digest.hpp).
#pragma once

#include <string>
#include <string_view>

namespace spaces {

/// With padding.
void append_base64(std::string& out, std::string_view bytes);

/// Appends what the text stands for; false for anything but whole groups of four with right padding and
/// zero trailing bits, and then some of it may have been appended.
bool append_from_base64(std::string& out, std::string_view text);

}  // namespace spaces
