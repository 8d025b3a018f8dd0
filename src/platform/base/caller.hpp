/// Who is asking.
#pragma once

#include "platform/base/uuid.hpp"

#include <optional>
#include <string_view>

namespace spaces {

enum class user_type { buyer, seller, agent };

std::string_view to_text(user_type type);
std::optional<user_type> parse_user_type(std::string_view text);

/// The person behind a request, as the access token says. Nobody has a nil id.
struct caller {
  uuid id;
  user_type type = user_type::buyer;
  bool verified = false;
  uuid session{};  ///< the login that the token came from

  bool known() const { return !id.is_nil(); }
  /// Sellers and agents publish.
  bool publishes() const { return type == user_type::seller || type == user_type::agent; }
};

inline constexpr caller nobody{};

}  // namespace spaces
