#include "platform/identity/local/session.hpp"

#include "platform/identity/local/tokens.hpp"
#include "platform/record/write.hpp"

#include <algorithm>

namespace spaces::identity {

namespace {

using namespace record;

constexpr field session_fields[] = {
    of<&session::id>("id", on_store, {}),
    of<&session::generation>("generation", on_store, {}),
    of<&session::key_id>("keyId", on_store, {}),
    of<&session::rotated_at>("rotatedAt", on_store, {}),
    of<&session::created_at>("createdAt", on_store, {.stored_as = table::name::created_at}),
    of<&session::device>("device", on_store, {}),
    of<&session::address>("address", on_store, {}),
    of<&session::access_seconds>("accessSeconds", on_store, {}),
    of<&session::expires_seconds>("expiresSeconds", on_store, {.stored_as = table::name::ttl}),
};

constexpr field list_fields[] = {
    of<&session_list::ids>("ids", on_store, {}),
    of<&session_list::version>("version", on_store, {}),
};

bool is_own_name(std::string_view name) { return name == table::name::entity_type || name == table::name::write_id; }

std::int64_t seconds_of(instant when) {
  return std::chrono::ceil<std::chrono::seconds>(when.time_since_epoch()).count();
}

item named(std::string_view entity_type) {
  item made;
  made.append(table::name::entity_type, value::of(entity_type));
  return made;
}

}  // namespace

field_span session::fields() { return session_fields; }
field_span session_list::fields() { return list_fields; }

instant session::ends_at() const {
  return std::min<instant>(rotated_at + refresh_token_lifetime, created_at + session_lifetime);
}

table::key session_key(const uuid& user, const uuid& id) { return {"USER#" + to_text(user), "SESSION#" + to_text(id)}; }

item to_item(const session& f) {
  item made = named("Session");
  append_attributes(made, session::fields(), &f);
  for (const attribute& a : f.unknown.view()) made.append(a.name, a.value);
  return made;
}

std::optional<session> to_session(item_view stored) {
  session f;
  item others;
  if (!read_attributes(stored, session::fields(), &f, &others)) return std::nullopt;
  for (const attribute& a : others.view())
    if (!is_own_name(a.name)) f.unknown.append(a.name, a.value);
  return f;
}

table::key session_list_key(const uuid& user) { return {"USER#" + to_text(user), "SESSIONS"}; }

item to_item(const session_list& list) {
  item made = named("Sessions");
  append_attributes(made, session_list::fields(), &list);
  return made;
}

std::optional<session_list> to_session_list(item_view stored) {
  session_list list;
  if (!read_attributes(stored, session_list::fields(), &list, nullptr)) return std::nullopt;
  return list;
}

table::put put_ended(const uuid& id, std::chrono::seconds access_lifetime, instant now) {
  const std::string sort_key = ended_bound(now) + to_text(id);
  item made = named("EndedSession");
  made.append(table::name::index_pk[0], value::of(ended_partition));
  made.append(table::name::index_sk[0], value::of(std::string_view(sort_key)));
  const instant gone = now + std::max<std::chrono::seconds>(access_lifetime, access_token_lifetime) + clock_leeway;
  made.append(table::name::ttl, value::of(make_decimal(seconds_of(gone), 0)));
  return {{std::string(ended_partition), sort_key}, std::move(made), {}};
}

std::string ended_bound(instant from) { return spaces::to_text(from) + '#'; }

std::optional<uuid> ended_session(std::string_view sort_key) {
  if (sort_key.size() != instant_text_size + 1 + uuid_text_size) return std::nullopt;
  return parse_uuid(sort_key.substr(instant_text_size + 1));
}

}  // namespace spaces::identity
