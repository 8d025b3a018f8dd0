/// How many connections a server has, and whose they are.
#pragma once

#include "platform/net/server/client_counts.hpp"

#include <atomic>
#include <cstddef>
#include <string_view>
#include <utility>

namespace spaces::net {

/// Thread-safe.
class occupancy {
 public:
  occupancy(std::size_t connections_max, std::size_t per_address_max);
  std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }

 private:
  friend class connection_place;
  const std::size_t connections_max_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> turned_away_{0};
  client_counts clients_;
};

/// What one connection takes up of it, until this ends.
class connection_place {
 public:
  connection_place(occupancy& all, const address_block& client) noexcept;
  connection_place(connection_place&& other) noexcept;
  connection_place& operator=(connection_place&&) = delete;
  ~connection_place();

  /// Why it is to be turned away, for the client; empty when it is not.
  std::string_view refused() const { return refused_; }
  /// Before it is told so. False when too many are being told already.
  bool may_be_told() noexcept;

 private:
  occupancy* all_;
  address_block client_;
  std::string_view refused_;
  bool counted_ = false;  ///< among its client's
  bool told_ = false;     ///< counted among those that are turned away
};

}  // namespace spaces::net
