/// What can go wrong, as values. Expected failures travel as `result<T>`; exceptions mean bugs.
#pragma once

#include "platform/base/uuid.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces {

/// What a caller can do about a failure. One function (http/problem.cpp) maps kinds to statuses.
enum class error_kind {
  malformed,            ///< cannot be read at all: bad JSON
  invalid,              ///< can be read, breaks a rule; `problems` says which
  too_large,            ///< over a named limit
  unauthenticated,      ///< nobody we know
  forbidden,            ///< somebody we know, who may not
  not_found,            ///< absent, or private to somebody else
  conflict,             ///< does not go with what is there now
  precondition_failed,  ///< If-Match names another version
  limited,              ///< too often; `retry_after` says when again
  storage_full,         ///< the disk has no room; nothing was written
  unavailable,          ///< cannot answer now; again later
  internal,             ///< a bug or a broken store; details in the log only
};

/// One broken rule of a body, query or row.
struct problem {
  std::string pointer;  ///< JSON Pointer (RFC 6901) into the body, or the name of a query parameter
  std::string code;     ///< stable and machine-readable: "required", "too-long", …
  std::string detail;   ///< what is allowed, for people

  friend bool operator==(const problem&, const problem&) = default;
};

/// So many in so long a time, which is used up: what a refusal of too many tells in its RateLimit fields.
struct rate_limit {
  std::string_view name;  ///< static text
  std::int64_t quota = 0;
  std::chrono::seconds window{};
};

/// What programs tell failures apart by where a kind is too wide (RFC 9457's type): a constant of the room that it
/// belongs to, so that a misspelt one does not compile. docs/ERRORS.md lists them all.
struct problem_type {
  std::string_view slug;  ///< "email-unverified"
  error_kind kind;
  std::string_view title;  ///< for people
};

/// A token was given and is refused, where a missing one is just `unauthenticated`.
inline constexpr problem_type invalid_token{"invalid-token", error_kind::unauthenticated,
                                            "The token is not valid, or not any more"};
/// The caller's address is not confirmed (`caller::verified`).
inline constexpr problem_type email_unverified{"email-unverified", error_kind::forbidden,
                                               "The e-mail address is not confirmed yet"};

/// `public_text` and `problems` may be shown to anyone; `private_text` goes to the log only.
struct error {
  error_kind kind = error_kind::internal;
  std::string public_text;
  std::string private_text;
  std::vector<problem> problems;
  const problem_type* type = nullptr;  ///< when the kind's own is too wide
  std::optional<std::chrono::seconds> retry_after;
  std::optional<rate_limit> rate;
  std::optional<uuid> instance;  ///< of the answer, where a line of the log has it already
  std::optional<uuid> account;   ///< whom it concerns, for the log only
  bool lasting = false;          ///< of what is unavailable: waiting alone does not mend it (no rights, no such table)
};

/// Whether the same may succeed a little later. Who has patience asks this, and nothing of the kind of its own.
inline bool may_pass(const error& why) { return why.kind == error_kind::unavailable && !why.lasting; }

template <class T = void>
using result = boost::system::result<T, error>;

/// Called by `result::value()` on an error, which is a bug in the caller: throws std::logic_error.
[[noreturn]] void throw_exception_from_error(const error& failure, const boost::source_location& where);

/// Of this type, and so of its kind. The type must be a constant: errors outlive whatever made them.
error error_of(const problem_type& type, std::string public_text);
error error_of(const problem_type&& type, std::string public_text) = delete;
error malformed(std::string public_text);
error invalid(std::vector<problem> problems);
error unauthenticated(std::string public_text);
error forbidden(std::string public_text);
/// "No such thing": `what` is the noun.
error not_found(std::string_view what);
error conflict(std::string public_text);
error precondition_failed(std::string public_text);
/// Again in `wait`, which is at least a second.
error limited(std::string public_text, std::chrono::seconds wait);
error unavailable(std::string private_text);
/// The same for a client, and no reason for anybody to wait: somebody has to mend it.
error unavailable_for_good(std::string private_text);
error internal(std::string private_text);

}  // namespace spaces
