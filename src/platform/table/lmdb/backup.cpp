#include "platform/base/descriptor.hpp"
#include "platform/table/lmdb/copying_file.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "platform/table/lmdb/parts.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace spaces::table {

namespace {

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

}  // namespace

result<void> lmdb_table::backup(const std::filesystem::path& folder, const copy_progress& progress, bool compact) {
  const lmdb::snapshot kept(parts_->readers);  // keeps the environment from being reopened meanwhile
  if (!kept) return kept.failure();
  const result<bool> made = take_folder(folder);
  if (!made) return made.error();
  // Under another name until it is whole and durable: a file of that name can be used.
  const std::filesystem::path partial = folder / "table.lmdb.partial";
  const std::filesystem::path whole = folder / lmdb::data_file;

  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_env_info(parts_->env.get(), &info);
  mdb_env_stat(parts_->env.get(), &stat);
  const std::uint64_t bytes_in_all = (static_cast<std::uint64_t>(info.me_last_pgno) + 1) * stat.ms_psize;
  const auto kind = compact ? lmdb::copy_kind::compact : lmdb::copy_kind::as_it_is;
  int code = 0;
  {
    const descriptor target(::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    code = target.get() < 0 ? errno : lmdb::copy_file(parts_->env.get(), target.get(), kind, bytes_in_all, progress);
    if (code == 0 && fsync(target.get()) != 0) code = errno;
  }
  if (code == 0 && std::rename(partial.c_str(), whole.c_str()) != 0) code = errno;
  if (code == 0) code = lmdb::sync_folder(folder);
  if (code == 0 && *made) code = lmdb::sync_folder(std::filesystem::absolute(folder).parent_path());
  if (code == 0) {
    std::error_code unknown;
    const std::uint64_t bytes = compact ? std::filesystem::file_size(whole, unknown) : bytes_in_all;
    if (progress && !unknown) progress(bytes, bytes);
    return {};
  }
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  std::filesystem::remove(whole, ignored);
  if (*made) std::filesystem::remove(folder, ignored);
  return backup_failure(code, folder);
}

}  // namespace spaces::table
