/// What a function can take, and how long it waits for the Runtime API.
#pragma once

#include <chrono>
#include <cstddef>

namespace spaces::limits {

/// Lambda's own bound on an event is 6 MB. Over it nobody sent an event.
inline constexpr std::size_t lambda_event_bytes_max = 8 * 1024 * 1024;
/// Lambda takes answers of up to 6 MB, counted as JSON. Over it: 500.
inline constexpr std::size_t lambda_answer_bytes_max = 6 * 1024 * 1024;
/// A load balancer takes 1 MB, and sends events of as much.
inline constexpr std::size_t balancer_answer_bytes_max = 1000 * 1000;
/// Kept back of a function's time for saying 503: a function of the least memory has a twelfth of a core.
inline constexpr std::chrono::milliseconds lambda_answer_reserve{300};
/// The Runtime API is in the same sandbox and takes an answer immediately; `/next` alone may wait forever.
inline constexpr std::chrono::seconds runtime_api_time_max{5};
inline constexpr std::size_t runtime_api_head_bytes_max = 64 * 1024;
/// In a row, with growing pauses between (20 s in all). Then the process ends, and Lambda starts another.
inline constexpr int runtime_api_failures_max = 10;
inline constexpr std::chrono::milliseconds runtime_api_first_pause{20};
/// Of the 300 ms between Lambda's SIGTERM and SIGKILL.
inline constexpr std::chrono::milliseconds lambda_stop_time_max{200};

}  // namespace spaces::limits
