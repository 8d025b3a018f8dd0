#include "platform/base/descriptor.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "platform/table/lmdb/parts.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

namespace spaces::table {

namespace {

constexpr std::chrono::milliseconds progress_interval{100};

error backup_failure(int code, const std::filesystem::path& folder) {
  error failure = lmdb::failure_of(code, "backing up into " + folder.string());
  failure.public_text = "The backup into " + folder.string() + " failed: " + mdb_strerror(code);
  return failure;
}

/// Makes the folder, or takes it as it is when nothing is in it. True when it was made.
result<bool> take_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  const mode_t before = umask(077);
  const bool made = std::filesystem::create_directories(folder, failed);
  umask(before);
  if (failed) return backup_failure(failed.value(), folder);
  if (!std::filesystem::is_empty(folder, failed) || failed) {
    error failure = conflict("The folder " + folder.string() + " is not empty; a backup goes into a new or empty one");
    return failure;
  }
  return made;
}

int sync_folder(const std::filesystem::path& folder) {
  const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.get() >= 0 && fsync(opened.get()) == 0 ? 0 : errno;
}

/// Copies in a thread of its own, so that this one can tell how far it is.
int copy_to(MDB_env* env, int target, std::uint64_t bytes_in_all, const copy_progress& progress) {
  std::packaged_task<int()> copy([env, target] { return mdb_env_copyfd2(env, target, 0); });
  std::future<int> copied = copy.get_future();
  std::thread copier(std::move(copy));
  while (copied.wait_for(progress_interval) != std::future_status::ready) {
    struct stat so_far{};
    if (progress && fstat(target, &so_far) == 0) progress(static_cast<std::uint64_t>(so_far.st_size), bytes_in_all);
  }
  copier.join();
  return copied.get();
}

}  // namespace

result<void> lmdb_table::backup(const std::filesystem::path& folder, const copy_progress& progress) {
  const lmdb::snapshot kept(parts_->readers);  // keeps the environment from being reopened meanwhile
  if (!kept) return kept.failure();
  const result<bool> made = take_folder(folder);
  if (!made) return made.error();
  // Under another name until it is whole and durable: what bears the name can be used.
  const std::filesystem::path partial = folder / "table.lmdb.partial";
  const std::filesystem::path whole = folder / lmdb::data_file;

  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_env_info(parts_->env.get(), &info);
  mdb_env_stat(parts_->env.get(), &stat);
  const std::uint64_t bytes_in_all = (static_cast<std::uint64_t>(info.me_last_pgno) + 1) * stat.ms_psize;
  int code = 0;
  {
    const descriptor target(::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    code = target.get() < 0 ? errno : copy_to(parts_->env.get(), target.get(), bytes_in_all, progress);
    if (code == 0 && fsync(target.get()) != 0) code = errno;
  }
  if (code == 0 && std::rename(partial.c_str(), whole.c_str()) != 0) code = errno;
  if (code == 0) code = sync_folder(folder);
  if (code == 0 && *made) code = sync_folder(std::filesystem::absolute(folder).parent_path());
  if (code == 0) {
    if (progress) progress(bytes_in_all, bytes_in_all);
    return {};
  }
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  std::filesystem::remove(whole, ignored);
  if (*made) std::filesystem::remove(folder, ignored);
  return backup_failure(code, folder);
}

}  // namespace spaces::table
