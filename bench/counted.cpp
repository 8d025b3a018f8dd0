/// Counts what a program asks of the allocator and how often it waits for events, while it runs at its
/// full speed: LD_PRELOAD=libcounted.so BENCH_COUNTERS=FILE program. FILE holds two 64-bit counters,
/// which anyone may map and read meanwhile: allocations (malloc, calloc, realloc and the aligned ones;
/// operator new comes here too) and calls of epoll_wait.
#include <fcntl.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

namespace {

struct counters {
  std::atomic<std::uint64_t> allocations;
  std::atomic<std::uint64_t> waits;
};

counters unshared;
counters* counted = &unshared;

/// Allocates nothing itself: the program's first allocations may come before it or after.
__attribute__((constructor)) void share_counters() {
  const char* const name = std::getenv("BENCH_COUNTERS");
  if (!name) return;
  const int file = ::open(name, O_RDWR | O_CREAT, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(counters)) != 0) std::abort();
  void* const shared = ::mmap(nullptr, sizeof(counters), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (shared == MAP_FAILED) std::abort();
  counted = static_cast<counters*>(shared);
}

void count_allocation() { counted->allocations.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

extern "C" {

// glibc's allocator under its other names.
// NOLINTBEGIN(readability-identifier-naming)
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
// NOLINTEND(readability-identifier-naming)

void* malloc(std::size_t size) noexcept {
  count_allocation();
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  count_allocation();
  return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) noexcept {
  count_allocation();
  return __libc_realloc(old, size);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** made, std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  *made = __libc_memalign(alignment, size);
  return *made ? 0 : ENOMEM;
}

int epoll_wait(int epoll, epoll_event* events, int events_max, int timeout_ms) {
  counted->waits.fetch_add(1, std::memory_order_relaxed);
  return static_cast<int>(::syscall(SYS_epoll_wait, epoll, events, events_max, timeout_ms));
}

}  // extern "C"
