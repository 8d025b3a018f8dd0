#include "platform/table/lmdb/compacting.hpp"

#include "platform/base/descriptor.hpp"
#include "platform/table/lmdb/copying_file.hpp"
#include "platform/table/lmdb/environment.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>

namespace spaces::table {

namespace {

error cannot(const std::filesystem::path& folder, const std::string& why) {
  error failure = unavailable("compacting " + folder.string() + ": " + why);
  failure.public_text = "The store in " + folder.string() + " cannot be compacted: " + why;
  return failure;
}

/// LMDB's own sign of who has a store open: each process holds a read lock on the lock file's first byte, and the
/// first to come wants a write lock. While we hold that one, nobody has it open, and all who come wait.
class only_user {
 public:
  explicit only_user(const std::filesystem::path& lock_file)
      : file_(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}

  /// What is in the way; empty when nobody is.
  std::string take() {
    if (file_.get() < 0) return std::strerror(errno);
    struct flock first{};
    first.l_type = F_WRLCK;
    first.l_whence = SEEK_SET;
    first.l_len = 1;
    if (fcntl(file_.get(), F_SETLK, &first) == 0) return {};
    if (errno != EACCES && errno != EAGAIN) return std::strerror(errno);
    struct flock other = first;
    const bool known = fcntl(file_.get(), F_GETLK, &other) == 0 && other.l_type != F_UNLCK;
    return "a process" + (known ? " (" + std::to_string(other.l_pid) + ")" : std::string()) +
           " has it open; stop the server first, or take `spaces backup --compact`, which does not mind";
  }

 private:
  descriptor file_;
};

struct closed_env {
  void operator()(MDB_env* env) const { mdb_env_close(env); }
};

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(file, failed);
  return failed ? 0 : bytes;
}

/// Through an environment without LMDB's locks, which would take ours away.
int copy_compacted(const std::filesystem::path& from, const std::filesystem::path& to, const copy_progress& progress) {
  MDB_env* made = nullptr;
  int code = mdb_env_create(&made);
  const std::unique_ptr<MDB_env, closed_env> env(made);
  if (code == MDB_SUCCESS) code = mdb_env_open(made, from.c_str(), MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0600);
  if (code != MDB_SUCCESS) return code;
  const descriptor target(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (target.get() < 0) return errno;
  code = lmdb::copy_file(made, target.get(), lmdb::copy_kind::compact, size_of(from), progress);
  if (code == MDB_SUCCESS && fsync(target.get()) != 0) code = errno;
  return code;
}

}  // namespace

result<compacted> compact_store(const std::filesystem::path& folder, const copy_progress& progress) {
  const std::filesystem::path whole = folder / lmdb::data_file;
  const std::filesystem::path partial = folder / "table.lmdb.partial";
  if (!std::filesystem::exists(whole)) return cannot(folder, "there is no store");
  only_user alone(whole.string() + "-lock");
  if (const std::string in_the_way = alone.take(); !in_the_way.empty()) return cannot(folder, in_the_way);

  compacted done;
  done.bytes_before = size_of(whole);
  int code = copy_compacted(whole, partial, progress);
  if (code == MDB_SUCCESS) done.bytes_after = size_of(partial);
  if (code == MDB_SUCCESS && std::rename(partial.c_str(), whole.c_str()) != 0) code = errno;
  if (code == MDB_SUCCESS) code = lmdb::sync_folder(folder);
  if (code == MDB_SUCCESS) return done;
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  return cannot(folder, code == MDB_INCOMPATIBLE || code == MDB_CORRUPTED
                            ? "its pages do not add up; see `spaces check`"
                            : mdb_strerror(code));
}

}  // namespace spaces::table
