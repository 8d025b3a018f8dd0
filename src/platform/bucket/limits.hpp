/// The bounds that buckets keep to, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spaces::bucket {

/// S3 takes 1,024 bytes; a path of the disk has 4,096 with the folder's own, and ours are far shorter than either.
inline constexpr std::size_t key_bytes_max = 512;
/// One segment is one name of a file or folder: 255 on every usual file system.
inline constexpr std::size_t segment_bytes_max = 200;
/// What is read or written in one call lies in memory. A photograph has at most 25 MiB.
inline constexpr std::uint64_t object_bytes_max = 30 * 1024 * 1024;
/// What is opened as a file. From S3 it is fetched into one that has no name, which takes space on the machine until it
/// is closed: a function's /tmp has 512 MB.
inline constexpr std::uint64_t opened_bytes_max = 64 * 1024 * 1024;
/// It comes by pieces of so many bytes, one request each: six for the largest photograph, and a thread that fetches one
/// holds no more in memory.
inline constexpr std::uint64_t opened_piece_bytes = 4 * 1024 * 1024;
/// S3's own for a page.
inline constexpr std::size_t list_objects_max = 1000;
/// A permission lives long enough for ten photographs on a slow line, and short enough that a leaked one is worth
/// little.
inline constexpr std::chrono::seconds permission_lifetime_max{3600};
/// What an upload has written and nobody has touched for so long belongs to no upload any more: one that goes on writes
/// every few seconds, and ends after minutes (net/server/limits.hpp).
inline constexpr std::chrono::hours unfinished_age_max{1};
/// What one upload may have at most: S3 takes 5 GB in one PUT.
inline constexpr std::uint64_t upload_bytes_max = 5'000'000'000;
/// A media type; RFC 6838 has 127 characters on each side, and real ones have 80 in all.
inline constexpr std::size_t content_type_bytes_max = 100;

}  // namespace spaces::bucket
