/// Gives freed memory back to the system. The allocator keeps what lies between memory in use, and so what one rush of
/// large answers took would stay for good.
#pragma once

#include "platform/net/server/worker_pool.hpp"

#include <atomic>

namespace spaces::net {

/// Takes milliseconds where much is to be looked through, so a pool's thread does it.
class memory_return final : public task {
 public:
  /// What is wanted meanwhile is done behind it: memory may have come free behind where it looks.
  void start(worker_pool& pool);
  void run() noexcept override;
  void abandon() noexcept override { under_way_.store(false); }

 private:
  std::atomic<bool> wanted_{false};
  std::atomic<bool> under_way_{false};
};

}  // namespace spaces::net
