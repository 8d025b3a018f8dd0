/// Reads a stream of bytes whole and in pieces, and expects the same of all.
#pragma once

#include "wire/reading.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

/// Bytes with one fault, and the status that they are refused with.
struct refused_row {
  const char* what;
  std::string_view bytes;
  int status;
};

/// What stands before chunks.
inline constexpr std::string_view chunked_head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n";

/// Whole, one byte at a time, and cut in two at every place: all must come to the same.
inline reading read_every_way(std::string_view bytes, const framing_limits& bounds = {}) {
  const reading whole = read_cut(bytes, {bytes.size()}, bounds);
  if (bytes.size() <= 2000) {
    EXPECT_EQ(read_cut(bytes, one_at_a_time(bytes.size()), bounds), whole) << "one at a time: " << bytes;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut)
      EXPECT_EQ(read_cut(bytes, {cut, bytes.size()}, bounds), whole) << "cut at " << cut << ": " << bytes;
  } else {
    // Each step copies what has come: small steps only through what is small.
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1009}, std::size_t{16384}}) {
      if (bytes.size() / step > 10000) continue;
      std::vector<std::size_t> cuts;
      for (std::size_t at = step; at < bytes.size(); at += step) cuts.push_back(at);
      cuts.push_back(bytes.size());
      EXPECT_EQ(read_cut(bytes, cuts, bounds), whole) << "steps of " << step;
    }
  }
  return whole;
}

/// Each is refused, however it comes; `head` goes before it.
inline void expect_refused(std::span<const refused_row> rows, std::string_view head = {}) {
  for (const refused_row& each : rows)
    EXPECT_EQ(read_every_way(std::string(head).append(each.bytes)), (reading{{}, each.status, false})) << each.what;
}

}  // namespace spaces::net
