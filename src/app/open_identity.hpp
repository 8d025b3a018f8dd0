/// Who holds a token and how sessions are kept, as the settings say: our own tokens, signed with the deployment's keys.
#pragma once

#include "app/configuration.hpp"
#include "platform/base/clock.hpp"
#include "platform/feature/feature.hpp"
#include "platform/identity/local/local_identity.hpp"
#include "platform/identity/local/local_sessions.hpp"
#include "platform/table/table.hpp"
#include "platform/telemetry/log.hpp"
#include "platform/telemetry/security_log.hpp"

#include <memory>

namespace spaces::app {

/// An ended session's access tokens die within so long.
inline constexpr std::chrono::seconds ended_known_age_max{5};

/// Identity and sessions, and what they do meanwhile: they follow the keys' folder, and sessions that other processes
/// ended.
struct opened_identity {
  std::shared_ptr<identity::local_identity> people;
  std::shared_ptr<identity::local_sessions> sessions;
  spaces::feature feature;
};

/// Remembers few tokens where the process starts in a hurry. What is handed in must outlive it.
opened_identity open_identity(const configuration& settings, identity::signing_keys keys, table::single_table& table,
                              const clock& clock, const telemetry::log& log, const telemetry::security_log& events,
                              bool in_a_hurry);

/// Leaves an event of each session that ends. `events` must outlive it.
identity::session_end_listener log_session_ends(const telemetry::security_log& events);

/// Issuer and audience of our tokens.
identity::token_scope scope_of(const configuration& settings);

}  // namespace spaces::app
