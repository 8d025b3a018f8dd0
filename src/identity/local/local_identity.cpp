#include "identity/local/local_identity.hpp"

#include <utility>

namespace spaces {

local_identity::local_identity(signing_keys keys, token_scope scope)
    : keys_(std::move(keys)), tokens_(keys_, std::move(scope)) {}

result<caller> local_identity::who(std::string_view bearer, instant now) {
  if (const std::optional<caller> known = remembered_.find(bearer, now)) return *known;
  const std::uint64_t epoch = remembered_.epoch();
  const result<access_token> said = tokens_.read(bearer, now);
  if (!said) return said.error();
  remembered_.remember(bearer, *said, epoch);
  return said->who;
}

void local_identity::use_keys(std::vector<shared_key> all) {
  if (keys_.replace(std::move(all))) remembered_.forget();
}

}  // namespace spaces
