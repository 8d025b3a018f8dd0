#include "platform/net/server/memory_return.hpp"

#include <malloc.h>

namespace spaces::net {

void memory_return::start(worker_pool& pool) {
  if (!under_way_.exchange(true) && !pool.submit(*this)) under_way_.store(false);
}

void memory_return::run() noexcept {
  ::malloc_trim(0);
  under_way_.store(false);
}

}  // namespace spaces::net
