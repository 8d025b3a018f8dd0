/// How large a request may be, whatever it comes by.
#pragma once

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
/// Chunk extensions of one chunk: nobody uses them, RFC 9112 7.1.1 asks to bound them. Over it: 400.
inline constexpr std::size_t chunk_extension_bytes_max = 256;
/// Trailer section of a chunked body; dropped unread. Over it: 431.
inline constexpr std::size_t trailer_bytes_max = 4 * 1024;

}  // namespace spaces::limits
