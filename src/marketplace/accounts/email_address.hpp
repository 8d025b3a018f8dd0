/// E-mail addresses as people write them, and the one form by which two of them are the same.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::accounts {

/// RFC 5321, 4.5.3.1: 64 for the local part, and 254 is what a path of 256 leaves for an address (RFC
/// 3696, erratum 1690).
inline constexpr std::size_t email_bytes_max = 254;
inline constexpr std::size_t email_local_bytes_max = 64;

/// The address with its local part in lower case and its domain as DNS has it (IDNA 2008 with the mapping
/// of UTS 46: "Jörg@Bücher.example" has none, "joerg@BÜCHER.example" is "joerg@xn--bcher-kva.example"): equal
/// for equal mailboxes, and fit for an SMTP server that knows ASCII alone. Empty when it is no address that
/// an e-mail can be sent to: the local part is a dot-atom of ASCII, the domain a name of two labels or more.
/// Quoted local parts and addresses in brackets are refused.
std::optional<std::string> canonical_email(std::string_view address);

}  // namespace spaces::accounts
