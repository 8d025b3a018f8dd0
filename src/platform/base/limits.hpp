/// The bounds that rooms have in common, each with its reason. Others stand in the room that holds them.
#pragma once

#include <chrono>
#include <cstddef>

namespace spaces::limits {

/// Nesting of a JSON body: ours need two; deeper texts are attacks on a parser's stack.
inline constexpr std::size_t json_depth_max = 32;

/// From the request's arrival until we stop trying. API Gateway gives up after 29 s.
inline constexpr std::chrono::seconds request_time_max{20};

}  // namespace spaces::limits
