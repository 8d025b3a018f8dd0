/// A part of an answer, as a Range asks for it (RFC 9110, section 14). One range; a list of several is answered with
/// the whole, which 14.2 leaves to us.
#pragma once

#include "platform/http/message.hpp"

#include <cstdint>
#include <string_view>

namespace spaces::http {

struct range_asked {
  enum kind : std::uint8_t {
    whole,          ///< none is asked for, or none that counts
    part,           ///< `first` to `last`, both included
    unsatisfiable,  ///< it begins behind the end: 416
  };
  kind what = whole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Of a representation with this entity tag and so many bytes. An If-Range that names another tag, or a date, makes a
/// Range of no account (13.1.5).
range_asked read_range(const request& incoming, std::string_view etag, std::uint64_t bytes);

/// Makes a 200 of a file the 206 that shows this part of it.
void show_part(response& made, const range_asked& asked);

}  // namespace spaces::http
