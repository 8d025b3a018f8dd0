/// People's names, which go to other people in e-mails and answers: a stranger writes them.
#pragma once

#include <string_view>

namespace spaces::accounts {

/// False for what mail programs make a link of (a scheme, a host name, an e-mail or IP address, in any script and
/// disguise: fullwidth forms, characters between that show nothing) and for line breaks. "J. R. Smith", "Anne-Marie
/// O'Neill, LL.M.", "RE/MAX" and "3 Brothers Realty" are names; "homes.example" and "Dr.Smith" are not: a full stop
/// between words ends the name of a host, and in a name has a space behind it.
bool is_name(std::string_view text);

}  // namespace spaces::accounts
