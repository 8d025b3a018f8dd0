/// The fields that a connection adds to every answer.
#pragma once

#include "platform/base/clock.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace spaces::net {

/// What an answer says of the connection behind it.
enum class persistence : std::uint8_t {
  meant,       ///< what the version means anyway: nothing is said
  close,       ///< Connection: close
  keep_alive,  ///< Connection: keep-alive, to a client of HTTP/1.0
};

/// Date, and Connection where `persistence` asks for it. One thread's: a second's lines are written once, and in
/// place, so that an answer costs no allocation for them.
class connection_lines {
 public:
  connection_lines();
  /// Valid until the next call.
  std::string_view at(instant now, persistence wanted);

 private:
  std::int64_t second_ = -1;
  std::array<std::string, 3> lines_;
};

}  // namespace spaces::net
