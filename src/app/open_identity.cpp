#include "app/open_identity.hpp"

#include "app/deployment_keys.hpp"
#include "marketplace/roles/user_type.hpp"
#include "platform/identity/local/key_folder.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace spaces::app {

namespace {

/// A key that went is refused everywhere within so long: each look is one stat(2).
constexpr std::chrono::seconds key_look_interval{1};

using entity = entity_row;

std::vector<std::string> names_of(const std::vector<identity::shared_key>& keys) {
  std::vector<std::string> names;
  for (const identity::shared_key& key : keys) names.push_back(key->kid());
  return names;
}

/// Those of `wanted` that are not in `some`, with commas.
std::string missing_in(const std::vector<std::string>& some, const std::vector<std::string>& wanted) {
  std::string out;
  for (const std::string& name : wanted)
    if (std::ranges::find(some, name) == some.end()) out += (out.empty() ? "" : ",") + name;
  return out;
}

/// Has the identity use the folder's keys when they changed. A folder that cannot be read, or is empty, leaves the keys
/// as they were.
periodic follow_key_folder(const configuration& settings, const clock& clock, const telemetry::log& log,
                           std::shared_ptr<identity::local_identity> people) {
  periodic made;
  made.name = "signing-keys";
  made.every = key_look_interval;
  made.on_function = periodic::turn::before_token;
  made.stale_after = key_look_interval;
  const auto folder = std::make_shared<identity::key_folder_watch>(key_folder_of(settings));
  made.run = [folder, &clock, &log, people = std::move(people)](deadline_time, const std::stop_token&) -> result<void> {
    auto changed = folder->changed(clock.now());
    if (!changed) return changed.error();
    if (!*changed || (*changed)->empty()) return {};
    const std::vector<std::string> before = names_of(people->keys().all());
    const std::vector<std::string> after = names_of(**changed);
    people->use_keys(**std::move(changed));
    if (before != after)
      log.write(telemetry::level::info, "signing-keys",
                {{"category", "security"},
                 {"signs", after.front()},
                 {"accepted", std::to_string(after.size())},
                 {"came", missing_in(before, after)},
                 {"went", missing_in(after, before)}});
    return {};
  };
  return made;
}

/// Learns of sessions that other processes ended.
periodic follow_ended_sessions(std::shared_ptr<identity::local_sessions> sessions) {
  periodic made;
  made.name = "ended-sessions";
  made.every = identity::ended_reading_interval;
  made.on_function = periodic::turn::before_token;
  made.stale_after = ended_known_age_max;
  made.run = [sessions = std::move(sessions)](deadline_time, const std::stop_token&) {
    return sessions->learn_of_ended(std::chrono::milliseconds(0));
  };
  return made;
}

}  // namespace

opened_identity open_identity(const configuration& settings, identity::signing_keys keys, table::single_table& table,
                              const clock& clock, const telemetry::log& log, const telemetry::security_log& events,
                              bool in_a_hurry) {
  opened_identity made;
  made.people = std::make_shared<identity::local_identity>(
      std::move(keys), scope_of(settings), in_a_hurry ? identity::cached_sets_few : identity::cached_sets);
  made.sessions = std::make_shared<identity::local_sessions>(table, clock, *made.people, log_session_ends(events));
  made.feature.name = "identity";
  made.feature.owned = made.sessions;
  // JWT_SECRET_KEY, where set, is the only key: there is nothing to follow.
  if (settings.identity.jwt_key.empty())
    made.feature.periodics.push_back(follow_key_folder(settings, clock, log, made.people));
  made.feature.periodics.push_back(follow_ended_sessions(made.sessions));
  made.feature.entities = {
      {"Session", {}, {"userId"}, entity::fate::erased, "with the account, in one transaction"},
      {"Sessions", {}, {"userId"}, entity::fate::erased, "with the account, in one transaction"},
      {"EndedSession", {}, {}, entity::fate::expires, "access tokens of it live for minutes"},
      {"Throttle", {}, {}, entity::fate::expires, "counts under a digest"},
  };
  return made;
}

identity::session_end_listener log_session_ends(const telemetry::security_log& events) {
  return [&events](const uuid& user, const uuid& session, const identity::session_end& how) {
    events.write(
        {.name = "session-ended", .account = user, .address = how.address, .why = how.why, .session = session});
  };
}

identity::token_scope scope_of(const configuration& settings) {
  return {settings.identity.issuer, settings.identity.audience, {"userType", user_type_names}};
}

}  // namespace spaces::app
