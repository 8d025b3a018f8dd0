#include "platform/identity/local/local_identity.hpp"

#include <utility>

namespace spaces::identity {

namespace {

error session_over() {
  error over = unauthenticated("The session is over; log in again");
  over.private_text = "the session has ended";
  return over;
}

}  // namespace

local_identity::local_identity(signing_keys keys, token_scope scope, std::size_t cache_sets)
    : keys_(std::move(keys)), tokens_(keys_, scope), refreshes_(keys_, std::move(scope)), cached_(cache_sets) {}

result<caller> local_identity::who(std::string_view bearer, instant now) {
  if (const std::optional<caller> known = cached_.find(bearer, now)) return *known;
  const std::uint64_t epoch = cached_.epoch();
  const result<access_token> said = tokens_.read(bearer, now);
  if (!said) return said.error();
  cached_.put(bearer, *said, epoch);
  // After it is cached: a session that ends meanwhile is found either here or, by who ends it, there.
  if (ended_.holds(said->session)) {
    cached_.forget(said->session);
    return session_over();
  }
  return said->who;
}

result<caller> local_identity::who_vouched(const record::json_value& claims, instant now) {
  const result<access_token> said = tokens_.read_vouched(claims, now);
  if (!said) return said.error();
  if (ended_.holds(said->session)) return session_over();
  return said->who;
}

void local_identity::use_keys(std::vector<shared_key> all) {
  if (keys_.replace(std::move(all))) cached_.forget();
}

void local_identity::end(const uuid& session, instant until) {
  if (ended_.add(session, until)) cached_.forget(session);
}

}  // namespace spaces::identity
