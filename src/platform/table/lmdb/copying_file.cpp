#include "platform/table/lmdb/copying_file.hpp"

#include "platform/base/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <future>
#include <thread>

namespace spaces::table::lmdb {

namespace {

constexpr std::chrono::milliseconds progress_interval{100};

}  // namespace

/// Copies in a thread of its own, so that this one can tell how far it is.
int copy_file(MDB_env* env, int target, copy_kind kind, std::uint64_t bytes_in_all, const copy_progress& progress) {
  const unsigned flags = kind == copy_kind::compact ? MDB_CP_COMPACT : 0;
  std::packaged_task<int()> copy([env, target, flags] { return mdb_env_copyfd2(env, target, flags); });
  std::future<int> copied = copy.get_future();
  std::thread copier(std::move(copy));
  while (copied.wait_for(progress_interval) != std::future_status::ready) {
    struct stat so_far{};
    if (progress && fstat(target, &so_far) == 0) progress(static_cast<std::uint64_t>(so_far.st_size), bytes_in_all);
  }
  copier.join();
  return copied.get();
}

int sync_folder(const std::filesystem::path& folder) {
  const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.get() >= 0 && fsync(opened.get()) == 0 ? 0 : errno;
}

}  // namespace spaces::table::lmdb
