/// The rows of the route table about people and their logins.
#pragma once

#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/recovery.hpp"
#include "platform/http/route.hpp"

#include <vector>

namespace spaces::accounts {

std::vector<http::route> routes(accounts& service);
/// Those about addresses to be confirmed and passwords that were forgotten.
std::vector<http::route> routes(recovery& service);

}  // namespace spaces::accounts
