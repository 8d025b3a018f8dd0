/// A session: one login and its tokens, as the table keeps it. No I/O.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::identity {

/// A refresh token lives so long after the rotation that made it, and no session longer than the other.
inline constexpr std::chrono::days refresh_token_lifetime{7};
inline constexpr std::chrono::days session_lifetime{90};
/// So long after a rotation the token before it still gets the same successor: answers get lost, and clients
/// ask from several tabs concurrently.
inline constexpr std::chrono::seconds parent_grace{10};
/// Logins of one person that are open together; one more ends the one that was used least recently. All of them
/// end in one transaction of 100 operations: two each, and what asks for it.
inline constexpr std::size_t sessions_max = 40;
/// What of a User-Agent is kept.
inline constexpr std::size_t device_bytes_max = 200;

struct session {
  uuid id;  ///< version 7: when it began
  std::int64_t generation = 1;
  std::string key_id;  ///< of the key that signed the refresh token
  instant rotated_at;
  instant created_at;
  std::string device;
  std::string address;
  std::int64_t access_seconds = 0;  ///< how long its access tokens live
  std::int64_t expires_seconds = 0;

  record::item unknown;

  static record::field_span fields();
  /// When its refresh token ends: a function of the rotation and the beginning alone.
  instant ends_at() const;
};

/// USER#id / SESSION#session.
table::key session_key(const uuid& user, const uuid& id);
record::item to_item(const session& f);
std::optional<session> to_session(record::item_view stored);

/// A person's sessions by id. Kept in an item of its own, because an index may be behind, and ending all
/// must miss none. Some may be over.
struct session_list {
  std::vector<std::string> ids;
  std::int64_t version = 0;

  static record::field_span fields();
};

/// USER#id / SESSIONS.
table::key session_list_key(const uuid& user);
record::item to_item(const session_list& list);
std::optional<session_list> to_session_list(record::item_view stored);

// ---- Ended sessions: what every instance reads, so that their access tokens die before their time.

inline constexpr std::string_view ended_partition = "REVOKED";
/// REVOKED / time#session, in GSI1 alike; gone when no access token of the session can live any more.
table::put put_ended(const uuid& id, std::chrono::seconds access_lifetime, instant now);
std::string ended_bound(instant from);
/// The session that a sort key names.
std::optional<uuid> ended_session(std::string_view sort_key);

}  // namespace spaces::identity
