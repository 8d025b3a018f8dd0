/// What programs tell this room's failures apart by.
#pragma once

#include "platform/http/problem.hpp"

namespace spaces::properties::problems {

inline constexpr http::problem_type too_many_listings{"too-many-listings", error_kind::conflict,
                                                      "You have as many listings as you may"};
inline constexpr http::problem_type listing_taken_down{"listing-taken-down", error_kind::conflict,
                                                       "An operator hides the listing"};

/// All of them, for who wires the service.
inline constexpr http::problem_type all[] = {too_many_listings, listing_taken_down};

}  // namespace spaces::properties::problems
