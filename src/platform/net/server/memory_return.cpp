#include "platform/net/server/memory_return.hpp"

#include <malloc.h>

namespace spaces::net {

void memory_return::start(worker_pool& pool) {
  wanted_.store(true);
  if (!under_way_.exchange(true) && !pool.submit(*this)) under_way_.store(false);
}

void memory_return::run() noexcept {
  do {
    while (wanted_.exchange(false)) ::malloc_trim(0);
    under_way_.store(false);
  } while (wanted_.load() && !under_way_.exchange(true));
}

}  // namespace spaces::net
