/// The rows of the route table about listings.
#pragma once

#include "marketplace/properties/properties.hpp"
#include "platform/http/route.hpp"

#include <vector>

namespace spaces::properties {

/// `readers` may see public listings: users, or anyone where the marketplace shows them to all.
std::vector<http::route> routes(properties& service, http::audience readers);

/// True when a requested page of the list is a run of rows of one index, or almost: prices under
/// another order are compared on the cards, which costs less than handing the request to a thread. Texts
/// are not: to fold 500 of them takes a millisecond.
bool key_answers(const http::request& request);

}  // namespace spaces::properties
