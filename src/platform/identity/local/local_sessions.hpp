/// Sessions of our own tokens: one for each login (a token family, as RFC 9700 has it).
///
/// A refresh token is signed over the session's generation and the time of its rotation, by a deterministic
/// algorithm: so the table keeps these two and the key's name, and the token can be made again, but is stored
/// nowhere. It is good once; for `parent_grace` the one before gets the same successor again; use of an older
/// one means that somebody has a copy, and ends the session (RFC 9700, 4.14.2).
#pragma once

#include "platform/base/clock.hpp"
#include "platform/identity/local/local_identity.hpp"
#include "platform/identity/local/session.hpp"
#include "platform/identity/local/tokens.hpp"
#include "platform/identity/sessions.hpp"
#include "platform/table/table.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>

namespace spaces::identity {

/// Every instance asks so often which sessions have ended: their access tokens die within 5 seconds.
inline constexpr std::chrono::seconds ended_reading_interval{2};
/// Read again each time, because clocks of instances differ and an index may be behind.
inline constexpr std::chrono::seconds ended_reading_overlap{60};

class local_sessions final : public sessions {
 public:
  /// All must outlive this. `people` and `told` hear of every session that ends.
  local_sessions(table::single_table& table, const clock& clock, local_identity& people, session_end_listener told);

  result<token_pair> open(const caller& who, const session_origin& from, std::vector<table::operation> also) override;
  result<renewed_session> renew(std::string_view refresh_token, std::string_view address) override;
  token_pair complete(const renewed_session& renewed, const caller& who) override;
  result<void> end(const uuid& user, const uuid& session, const session_end& how) override;
  result<void> end_all(const uuid& user, const std::optional<uuid>& but, std::vector<table::operation> also,
                       const session_end& how) override;
  result<std::vector<session_record>> list(const uuid& user) override;

  /// As `open`, for an access token of another life.
  result<token_pair> open_for(const caller& who, const session_origin& from, const std::vector<table::operation>& also,
                              std::chrono::seconds access_lifetime);

  /// Reads which sessions have ended, by this or another instance, unless that is known to `age_max`.
  /// Thread-safe; of many concurrent callers one reads.
  result<void> learn_of_ended(std::chrono::milliseconds age_max);

 private:
  struct stored_sessions {
    std::optional<session_list> list;
    std::vector<session> live;
  };
  result<stored_sessions> read_all(const uuid& user);
  result<std::optional<session>> read_one(const uuid& user, const uuid& id);
  result<void> end_with(const uuid& user, const std::vector<session>& ending, std::vector<table::operation> operations,
                        const session_end& how);
  void ended(const uuid& user, const session& which, instant at, const session_end& how);
  result<std::optional<token_pair>> try_open(const caller& who, session& made, std::vector<table::operation> also);
  result<std::optional<session>> rotate(const uuid& user, const session& before);
  std::string refresh_token_of(const uuid& user, const session& f) const;

  table::single_table& table_;
  const clock& clock_;
  local_identity& people_;
  session_end_listener told_;
  std::mutex reading_;
  std::atomic<std::int64_t> read_at_ms_{0};    // steady; 0: never
  std::optional<instant> known_from_;          // under `reading_`
  std::optional<std::uint64_t> read_version_;  // under `reading_`
};

}  // namespace spaces::identity
