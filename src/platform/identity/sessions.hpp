/// Logins and how they go on. One way to keep them is one sub-folder: local/ (our own tokens).
#pragma once

#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::identity {

/// Where somebody logged in, for the list that its owner sees.
struct session_origin {
  std::string device;   ///< as the client names itself (User-Agent)
  std::string address;  ///< the client's
};

/// What a successful login or refresh gives.
struct token_pair {
  std::string access_token;
  std::string refresh_token;
  std::chrono::seconds expires_in{};  ///< of the access token
};

/// A session that goes on: whose, and its next refresh token.
struct renewed_session {
  uuid user;
  uuid session;
  std::string refresh_token;
  instant renewed_at;
};

/// One login, as its owner sees it.
struct session_record {
  uuid id;
  std::string device;
  std::string address;
  instant created_at;
  instant last_used_at;  ///< its last refresh
};

/// Why a session ends, and at whose request.
struct session_end {
  std::string_view why;           ///< "logout": docs/OPERATIONS.md lists all
  std::string_view address = {};  ///< the client's, where one asked for it
};
/// Hears of every session that this process has ended, once it has: for the security log.
using session_end_listener = std::function<void(const uuid& user, const uuid& session, const session_end& how)>;

/// Thread-safe. However a session ends, somebody is told (`session_end_listener`).
class sessions {
 public:
  sessions() = default;
  sessions(const sessions&) = delete;
  sessions& operator=(const sessions&) = delete;
  virtual ~sessions() = default;

  /// A new session of `who`, in one transaction with `also`; one more than a person may have ends the one that was used
  /// least recently. `conflict` when a condition of `also` does not
  /// hold; then nothing was written.
  virtual result<token_pair> open(const caller& who, const session_origin& from,
                                  std::vector<table::operation> also) = 0;

  /// What a refresh token is good for: once, and for a moment more the same again. Otherwise
  /// `unauthenticated` (type `invalid-token`), for the log with its account where that is known and with why; one that
  /// was used earlier ends its session ("session ended by reuse").
  virtual result<renewed_session> renew(std::string_view refresh_token, std::string_view address) = 0;
  /// The tokens of a renewed session, whose person is `who` now.
  virtual token_pair complete(const renewed_session& renewed, const caller& who) = 0;

  /// Ends one session; ending what is over succeeds.
  virtual result<void> end(const uuid& user, const uuid& session, const session_end& how) = 0;
  /// Ends every session but `but`, in one transaction with `also`; `conflict` as for `open`. Without `but`
  /// nothing of the user's sessions stays.
  virtual result<void> end_all(const uuid& user, const std::optional<uuid>& but, std::vector<table::operation> also,
                               const session_end& how) = 0;

  /// Those that go on, the newest first.
  virtual result<std::vector<session_record>> list(const uuid& user) = 0;
};

}  // namespace spaces::identity
