/// What programs tell this room's failures apart by.
#pragma once

#include "platform/http/problem.hpp"

namespace spaces::accounts::problems {

inline constexpr http::problem_type wrong_credentials{"wrong-credentials", error_kind::unauthenticated,
                                                      "The e-mail address or the password is wrong"};
inline constexpr http::problem_type email_taken{"email-taken", error_kind::conflict,
                                                "The e-mail address has an account"};

inline constexpr http::problem_type account_suspended{"account-suspended", error_kind::forbidden,
                                                      "The account is suspended"};

/// All of them, for who wires the service.
inline constexpr http::problem_type all[] = {wrong_credentials, email_taken, account_suspended};

}  // namespace spaces::accounts::problems
