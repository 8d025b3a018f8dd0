/// Who is calling.
#pragma once

#include "platform/base/uuid.hpp"

#include <cstdint>

namespace spaces {

/// What somebody is to a service: numbers of the service's own, whose meaning only it knows. 0 may least.
enum class user_role : std::uint8_t {};

/// The person behind a request, as the access token says. Nobody has a nil id.
struct caller {
  uuid id;
  user_role role{};
  bool verified = false;  ///< the e-mail address is confirmed
  uuid session{};         ///< the login that the token came from

  bool known() const { return !id.is_nil(); }
};

inline constexpr caller nobody{};

}  // namespace spaces
