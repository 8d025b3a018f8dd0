/// What programs tell this room's failures apart by.
#pragma once

#include "platform/http/problem.hpp"

namespace spaces::images::problems {

inline constexpr http::problem_type too_many_images{"too-many-images", error_kind::conflict,
                                                    "The listing has as many images as it may"};
inline constexpr http::problem_type not_uploaded{"image-not-uploaded", error_kind::conflict,
                                                 "The image's file has not been uploaded"};

/// All of them, for who wires the service.
inline constexpr http::problem_type all[] = {too_many_images, not_uploaded};

}  // namespace spaces::images::problems
