/// Whether a client that does not read as fast as we write reads fast enough.
#pragma once

#include "platform/net/server/server_options.hpp"

#include <cstdint>

namespace spaces::net {

/// Counts what the client's side has acknowledged, not what the kernel has taken from us: how much that is depends on
/// the kernel's buffers. A client is watched from when something first waits for it until it has caught up, over all
/// answers between, so that none who pipelines begins anew with each.
class send_watch {
 public:
  bool watching() const { return watching_; }
  /// From now on something waits, `delivered` being what has been acknowledged on this connection so far.
  void begin(std::uint64_t now_ms, std::uint64_t delivered);
  /// Nothing is on its way any more.
  void caught_up() { watching_ = false; }
  /// False when it is too slow, or the answer that waits has waited too long.
  bool in_time(std::uint64_t now_ms, std::uint64_t delivered, const server_options& bounds) const;

 private:
  bool watching_ = false;
  std::uint64_t since_ms_ = 0;   ///< when it fell behind
  std::uint64_t delivered_ = 0;  ///< until then
  std::uint64_t answer_since_ms_ = 0;
};

}  // namespace spaces::net
