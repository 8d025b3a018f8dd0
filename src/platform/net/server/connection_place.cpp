#include "platform/net/server/connection_place.hpp"

#include "platform/net/server/limits.hpp"

namespace spaces::net {

occupancy::occupancy(std::size_t connections_max, std::size_t per_address_max)
    : connections_max_(connections_max), clients_(per_address_max) {}

connection_place::connection_place(occupancy& all, const address_block& client) noexcept : all_(&all), client_(client) {
  const std::size_t before = all.connections_.fetch_add(1, std::memory_order_relaxed);
  counted_ = all.clients_.enter(client);
  if (before >= all.connections_max_)
    refused_ = "The server has too many connections; try again later.";
  else if (!counted_)
    refused_ = "There are too many connections from this address; close some, or try again later.";
}

connection_place::connection_place(connection_place&& other) noexcept
    : all_(std::exchange(other.all_, nullptr)),
      client_(other.client_),
      refused_(other.refused_),
      counted_(other.counted_),
      told_(other.told_) {}

connection_place::~connection_place() {
  if (all_ == nullptr) return;
  if (counted_) all_->clients_.leave(client_);
  if (told_) all_->turned_away_.fetch_sub(1, std::memory_order_relaxed);
  all_->connections_.fetch_sub(1, std::memory_order_relaxed);
}

bool connection_place::may_be_told() noexcept {
  if (all_->turned_away_.fetch_add(1, std::memory_order_relaxed) < limits::turned_away_max) return told_ = true;
  all_->turned_away_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

}  // namespace spaces::net
