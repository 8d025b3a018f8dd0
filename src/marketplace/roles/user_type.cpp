#include "marketplace/roles/user_type.hpp"

#include <algorithm>
#include <iterator>

namespace spaces {

std::string_view to_text(user_type type) { return user_type_names[static_cast<std::size_t>(type)]; }

std::optional<user_type> parse_user_type(std::string_view text) {
  const auto* const at = std::find(std::begin(user_type_names), std::end(user_type_names), text);
  if (at == std::end(user_type_names)) return std::nullopt;
  return static_cast<user_type>(at - std::begin(user_type_names));
}

}  // namespace spaces
