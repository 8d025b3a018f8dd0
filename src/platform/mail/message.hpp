/// An e-mail as it travels: RFC 5322 with MIME (RFC 2045, 2046, 2047), UTF-8 in addresses as RFC 6532 has it.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/mail/mail.hpp"

#include <string>
#include <string_view>

namespace spaces::mail {

/// The whole message, lines ending in CRLF. The same arguments give the same bytes. `invalid` where an address
/// is none, or a header field holds what would end it: CR, LF or another control character.
result<std::string> message_of(const email& what, const sender& from, instant date);

/// A header field's text: as it is when it is printable ASCII and no reader could take it for something else,
/// otherwise in encoded words of at most 64 characters (RFC 2047, 2), with line breaks between them.
std::string encoded_text(std::string_view text);

}  // namespace spaces::mail
