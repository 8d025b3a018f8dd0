/// What people are on this marketplace, and what that lets them do. Access tokens carry it as the caller's role.
#pragma once

#include "platform/base/caller.hpp"

#include <optional>
#include <string_view>

namespace spaces {

enum class user_type { buyer, seller, agent };

/// In the order of `user_type`: so bodies, items and tokens name them.
inline constexpr std::string_view user_type_names[] = {"buyer", "seller", "agent"};

std::string_view to_text(user_type type);
std::optional<user_type> parse_user_type(std::string_view text);

constexpr user_role role_of(user_type type) { return static_cast<user_role>(type); }
constexpr user_type type_of(const caller& who) { return static_cast<user_type>(who.role); }

/// Sellers and agents publish listings.
constexpr bool publishes(const caller& who) { return type_of(who) != user_type::buyer; }

}  // namespace spaces
