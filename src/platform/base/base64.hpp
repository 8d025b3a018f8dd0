/// Base64 as JSON protocols carry bytes (RFC 4648, section 4). Cookies, tokens and cursors have their own,
/// url-safe form (base/digest.hpp).
#pragma once

#include <string>
#include <string_view>

namespace spaces {

/// With padding.
void append_base64(std::string& out, std::string_view bytes);

/// Writes the same where there is room for 4 characters for each 3 bytes begun; returns its end.
char* write_base64(char* at, std::string_view bytes);

/// Appends what the text stands for; false for anything but whole groups of four with right padding and
/// zero trailing bits, and then some of it may have been appended.
bool append_from_base64(std::string& out, std::string_view text);

}  // namespace spaces
