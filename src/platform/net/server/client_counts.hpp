/// How many connections each client has.
#pragma once

#include "platform/net/socket_address.hpp"

#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace spaces::net {

/// Thread-safe.
class client_counts {
 public:
  explicit client_counts(std::size_t each_max) : each_max_(each_max) {}

  /// False, and nothing is counted, when the client has as many as it may, or there is no memory to count.
  bool enter(const address_block& client) noexcept;
  /// For each `enter` that was true.
  void leave(const address_block& client) noexcept;
  /// Clients that have any.
  std::size_t clients() const;

 private:
  struct hash {
    std::size_t operator()(const address_block& client) const noexcept;
  };
  const std::size_t each_max_;
  mutable std::mutex mutex_;
  std::unordered_map<address_block, std::size_t, hash> counts_;
};

}  // namespace spaces::net
