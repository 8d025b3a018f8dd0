/// Errors that several of this room's services answer.
#pragma once

#include "marketplace/accounts/problems.hpp"
#include "marketplace/accounts/user.hpp"
#include "platform/base/error.hpp"
#include "platform/table/revise.hpp"

#include <string>

namespace spaces::accounts {

/// A token may outlive its account by seconds.
inline error account_gone() { return error_of(invalid_token, "This account is gone"); }

/// The right password of an account that an operator suspended.
inline error account_suspended(const user& who) {
  return error_of(problems::account_suspended, "This account is suspended: " + who.suspended_because.value_or(""));
}

inline table::condition version_is(std::int64_t version) {
  return table::equals{std::string(table::version_attribute), make_decimal(version, 0)};
}

}  // namespace spaces::accounts
