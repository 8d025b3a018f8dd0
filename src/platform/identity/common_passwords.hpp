/// The passwords that are tried first: the 10,000 most often found in leaks. OWASP ASVS 5.0, 6.2.4.
#pragma once

#include <string_view>

namespace spaces::identity {

/// True when the password is one of them as it is, in lower case, or in lower case without the digits and
/// symbols at its ends, so that "Password1!" is no better than "password". ASCII letters alone have two cases
/// here, as in the list.
///
/// Kept as 32 bits of each one's SHA-256 (made by tools/common-passwords): of 140,000 passwords that are not
/// common, one is taken for common, and its owner chooses another.
bool is_common_password(std::string_view password);

}  // namespace spaces::identity
