/// People's names, which go to other people in e-mails and answers: a stranger writes them.
#pragma once

#include <string_view>

namespace spaces::accounts {

/// False for what mail programs make a link of (a scheme, a host name, an e-mail address, in any script) and for line
/// breaks. "J. R. Smith", "Anne-Marie O'Neill, LL.M." and "3 Brothers Realty" are names; "homes.example" and
/// "Dr.Smith" are not: a full stop between letters ends the name of a host.
bool is_name(std::string_view text);

}  // namespace spaces::accounts
