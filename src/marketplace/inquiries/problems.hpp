/// What programs tell this room's failures apart by.
#pragma once

#include "platform/http/problem.hpp"

namespace spaces::inquiries::problems {

inline constexpr http::problem_type listing_closed{"listing-closed", error_kind::conflict,
                                                   "The listing takes no inquiries"};
inline constexpr http::problem_type already_asked{"already-asked", error_kind::conflict,
                                                  "An inquiry about this listing is open"};
inline constexpr http::problem_type inquiry_closed{"inquiry-closed", error_kind::conflict, "The inquiry is closed"};

/// All of them, for who wires the service.
inline constexpr http::problem_type all[] = {listing_closed, already_asked, inquiry_closed};

}  // namespace spaces::inquiries::problems
