/// The rows of the route table about people and their logins.
#pragma once

#include "accounts/accounts.hpp"
#include "http/endpoint.hpp"

#include <vector>

namespace spaces::accounts {

std::vector<http::endpoint> endpoints(accounts& room);

}  // namespace spaces::accounts
