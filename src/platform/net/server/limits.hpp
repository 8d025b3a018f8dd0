/// What a server can take: memory, time, connections and threads. Sizes of one request are in net/limits.hpp.
#pragma once

#include <chrono>
#include <cstddef>

namespace spaces::limits {

/// What the requests of all connections may hold in memory together: as many as the `io` threads and their
/// queue take, 16 KiB each, and beside them 240 of the largest bodies. Over it, a request that needs more: 503.
inline constexpr std::size_t incoming_bytes_max = 128 * 1024 * 1024;

/// From the first byte of a request until its header is whole. Slow lines need 1 s; over it: 408.
inline constexpr std::chrono::seconds header_time_max{5};
/// From the header until the body is whole, and not slower than `body_bytes_per_second_min`. Over it: 408.
inline constexpr std::chrono::seconds body_time_max{10};
inline constexpr std::size_t body_bytes_per_second_min = 1024;
/// A body that its row takes in pieces (an upload) comes into a buffer of so many bytes, which is handed to a thread
/// that may wait for the disk when it is full: 900 uploads at a time within `incoming_bytes_max`.
inline constexpr std::size_t piece_bytes = 128 * 1024;
/// Such a body is done within so long, as far as waiting for its client goes, and after a pause not slower than its
/// least rate: 25 MiB over a line of 44 KiB a second. Over it: 408.
inline constexpr std::chrono::seconds pieces_time_max{600};
inline constexpr std::size_t pieces_bytes_per_second_min = 4 * 1024;
/// That pause: so long nothing at all may come, as in a tunnel.
inline constexpr std::chrono::seconds pieces_pause_max{10};
/// What a client still sends of a body that was refused is read and dropped, so much of it and for so long: browsers
/// read no answer before they have sent all. The largest photograph, on a line that is not the slowest.
inline constexpr std::size_t refused_bytes_max = 32 * 1024 * 1024;
inline constexpr std::chrono::seconds refused_time_max{30};
/// Between requests. Longer than a person's next click, short enough to free a socket.
inline constexpr std::chrono::seconds idle_time_max{30};
/// A client that does not read as fast as we write takes what waits for it within so long, and after a pause no slower
/// than so many bytes a second, as the network acknowledges them; else its connection ends. A phone at the edge of its
/// cell takes 4 KiB a second; the largest answers have some megabytes.
inline constexpr std::chrono::seconds send_time_max{120};
inline constexpr std::size_t send_bytes_per_second_min = 4 * 1024;
/// That pause: so long nothing at all may go, as in a tunnel.
inline constexpr std::chrono::seconds send_pause_max{10};
/// What is sent of a file before another connection has its turn.
inline constexpr std::size_t file_bytes_a_turn = 512 * 1024;
/// What waits for all clients that read slowly together. Over it, the connection whose answer does not fit ends. 500
/// connections of one address, all with the largest file of the documentation page: 243 MB.
inline constexpr std::size_t outgoing_bytes_max = 256 * 1024 * 1024;
/// When so much was in use, and three quarters of it are free again, it goes back to the system.
inline constexpr std::size_t kept_bytes_max = 16 * 1024 * 1024;
/// From SIGTERM until what is still in flight is cut.
inline constexpr std::chrono::seconds drain_time_max{10};
/// After an answer that ends the connection while the client still sends: what it sends is read and
/// dropped for so long and so much, because closing immediately would reset the connection and could take
/// the answer with it (RFC 9112, 9.6). A round trip or two; one body over the limit.
inline constexpr std::chrono::seconds linger_time_max{2};
inline constexpr std::size_t linger_bytes_max = 1024 * 1024;

/// Open connections of one process, so that descriptors for the store and for pictures remain.
inline constexpr std::size_t connections_max = 10000;
/// Of them, those of one client: an IPv4 address, or the /64 of an IPv6 one. A household's browsers open some 30, an
/// office behind one address some hundreds; twenty clients are needed to take all.
inline constexpr std::size_t connections_per_address_max = 500;
/// Clients told 503 at one time beyond those bounds; more are closed unheard.
inline constexpr std::size_t turned_away_max = 64;
/// Requests that wait for an `io` thread. Over it: 503 immediately.
inline constexpr std::size_t io_queue_max = 4096;
inline constexpr std::size_t io_threads = 256;
/// Threads that hash and sign. One for each core would leave it idle while a login or a refresh waits for its
/// commit: a refresh signs for 3 ms and waits for the disk about as long.
inline constexpr std::size_t cpu_threads_per_core = 4;
/// Requests that wait for a `cpu` thread: 128 logins at 0.2 s are 13 s on two cores. Over it: 503.
inline constexpr std::size_t cpu_queue_max = 128;

}  // namespace spaces::limits
