#include "platform/base/caller.hpp"

namespace spaces {

std::string_view to_text(user_type type) {
  switch (type) {
    case user_type::buyer: return "buyer";
    case user_type::seller: return "seller";
    case user_type::agent: return "agent";
  }
  return "buyer";
}

std::optional<user_type> parse_user_type(std::string_view text) {
  for (const user_type type : {user_type::buyer, user_type::seller, user_type::agent}) {
    if (text == to_text(type)) return type;
  }
  return std::nullopt;
}

}  // namespace spaces
