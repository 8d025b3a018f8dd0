#include "platform/net/server/client_counts.hpp"

#include <functional>
#include <new>
#include <string_view>

namespace spaces::net {

std::size_t client_counts::hash::operator()(const address_block& client) const noexcept {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(client.data()), client.size()});
}

bool client_counts::enter(const address_block& client) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    std::size_t& count = counts_[client];
    if (count >= each_max_) return false;
    ++count;
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void client_counts::leave(const address_block& client) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(client);
  if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

std::size_t client_counts::clients() const {
  const std::lock_guard lock(mutex_);
  return counts_.size();
}

}  // namespace spaces::net
