/// Every bound that a request can meet, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace spaces::limits {

/// A request target. Longest honest one: all filters with a 1 KiB cursor. Over it: 414.
inline constexpr std::size_t target_bytes_max = 4 * 1024;
/// Request line and header lines together; a browser's cookies and tokens fit. Over it: 431.
inline constexpr std::size_t header_bytes_max = 16 * 1024;
/// Header lines of one request; browsers send under 30. Over it: 431.
inline constexpr std::size_t header_lines_max = 64;
/// A body. The longest property (20,000 characters of description in four bytes each, features,
/// escapes) fits. Over it: 413.
inline constexpr std::size_t body_bytes_max = 256 * 1024;
/// What the requests of all connections may hold in memory together: as many as the `io` threads and their
/// queue take, 16 KiB each, and beside them 240 of the largest bodies. Over it, a request that needs more: 503.
inline constexpr std::size_t incoming_bytes_max = 128 * 1024 * 1024;
/// Chunk extensions of one chunk: nobody uses them, RFC 9112 7.1.1 asks to bound them. Over it: 400.
inline constexpr std::size_t chunk_extension_bytes_max = 256;
/// Trailer section of a chunked body; dropped unread. Over it: 431.
inline constexpr std::size_t trailer_bytes_max = 4 * 1024;
/// Nesting of a JSON body: ours need two; deeper texts are attacks on a parser's stack.
inline constexpr std::size_t json_depth_max = 32;

/// From the first byte of a request until its header is whole. Slow lines need 1 s; over it: 408.
inline constexpr std::chrono::seconds header_time_max{5};
/// From the header until the body is whole, and not slower than `body_rate_min`. Over it: 408.
inline constexpr std::chrono::seconds body_time_max{10};
inline constexpr std::size_t body_bytes_per_second_min = 1024;
/// Between requests. Longer than a person's next click, short enough to free a socket.
inline constexpr std::chrono::seconds idle_time_max{30};
/// A client that does not read its answers for so long is gone.
inline constexpr std::chrono::seconds send_time_max{30};
/// From the request's arrival until we stop trying. API Gateway gives up after 29 s.
inline constexpr std::chrono::seconds request_time_max{20};
/// From SIGTERM until what is still in flight is cut.
inline constexpr std::chrono::seconds drain_time_max{10};
/// After an answer that ends the connection while the client still sends: what it sends is read and
/// dropped for so long and so much, because closing immediately would reset the connection and could take
/// the answer with it (RFC 9112, 9.6). A round trip or two; one body over the limit.
inline constexpr std::chrono::seconds linger_time_max{2};
inline constexpr std::size_t linger_bytes_max = 1024 * 1024;

/// Open connections of one process, so that descriptors for the store and for pictures remain.
inline constexpr std::size_t connections_max = 10000;
/// Requests that wait for an `io` thread. Over it: 503 immediately.
inline constexpr std::size_t io_queue_max = 4096;
inline constexpr std::size_t io_threads = 256;
/// Threads that hash and sign. One for each core would leave it idle while a login or a renewal waits for its
/// commit: a renewal signs for 3 ms and waits for the disk about as long.
inline constexpr std::size_t cpu_threads_per_core = 4;
/// Requests that wait for a `cpu` thread: 128 logins at 0.2 s are 13 s on two cores. Over it: 503.
inline constexpr std::size_t cpu_queue_max = 128;

/// Lambda's own bound on an event is 6 MB. Over it nobody sent an event.
inline constexpr std::size_t lambda_event_bytes_max = 8 * 1024 * 1024;
/// Lambda takes answers of up to 6 MB, counted as JSON. Over it: 500.
inline constexpr std::size_t lambda_answer_bytes_max = 6 * 1024 * 1024;
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
