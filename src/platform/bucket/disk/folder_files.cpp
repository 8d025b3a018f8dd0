#include "platform/bucket/disk/folder_files.hpp"

#include "platform/bucket/bucket.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace spaces::bucket {

namespace {

constexpr int reading = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

/// All of the path in one call, where the kernel has it (5.6) and nothing before it forbids it; else name by name.
descriptor open_without_links(const descriptor& root, std::string_view path) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(reading);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  const long opened = ::syscall(SYS_openat2, root.get(), std::string(path).c_str(), &how, sizeof how);
  if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) return descriptor(static_cast<int>(opened));
  const auto parent = open_parent(root, path, false);
  if (!parent) {
    errno = ENOENT;
    return {};
  }
  return descriptor(::openat(parent->get(), std::string(last_name(path)).c_str(), reading));
}

}  // namespace

error file_error(std::string_view doing, std::string_view what, int code) {
  if (code == ENOENT) return not_found("object");
  error made =
      unavailable("the bucket cannot " + std::string(doing) + " '" + std::string(what) + "': " + std::strerror(code));
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) made.kind = error_kind::storage_full;
  return made;
}

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

result<descriptor> open_parent(const descriptor& root, std::string_view path, bool make) {
  constexpr int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  descriptor at(::openat(root.get(), ".", how));
  if (!at) return file_error("open", path, errno);
  std::string_view left = path;
  for (std::size_t slash = left.find('/'); slash != std::string_view::npos; slash = left.find('/')) {
    const std::string name(left.substr(0, slash));
    left.remove_prefix(slash + 1);
    descriptor next(::openat(at.get(), name.c_str(), how));
    if (!next && errno == ENOENT && make) {
      if (::mkdirat(at.get(), name.c_str(), 0700) != 0 && errno != EEXIST) return file_error("make", path, errno);
      if (const auto kept = sync(at); !kept) return kept.error();
      next = descriptor(::openat(at.get(), name.c_str(), how));
    }
    if (!next) return file_error("open", path, errno);
    at = std::move(next);
  }
  return at;
}

result<descriptor> open_file(const descriptor& root, std::string_view path) {
  descriptor file = open_without_links(root, path);
  if (file) return file;
  // A link on the way, or a file where a folder should be: nothing of ours.
  if (errno == ELOOP || errno == ENOTDIR) return not_found("object");
  return file_error("open", path, errno);
}

result<void> write_all(const descriptor& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(to.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return file_error("write", "an object", wrote < 0 ? errno : EIO);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

result<void> read_exactly(const descriptor& from, std::uint64_t at, char* into, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t got = ::pread(from.get(), into, bytes, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("read", "an object", errno);
    if (got == 0) return internal("an object's file ends before its end");
    at += static_cast<std::uint64_t>(got);
    into += got;
    bytes -= static_cast<std::size_t>(got);
  }
  return {};
}

result<void> sync(const descriptor& what) {
  if (::fsync(what.get()) != 0) return file_error("sync", "an object", errno);
  return {};
}

std::vector<folder_entry> entries_of(const descriptor& folder) {
  std::vector<folder_entry> found;
  const int again = ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> open(again < 0 ? nullptr : ::fdopendir(again), &::closedir);
  while (open) {
    const dirent* one = ::readdir(open.get());
    if (one == nullptr) break;
    std::string name = one->d_name;
    if (!validate_key(name)) continue;  // ".", "..", and what is not ours
    struct stat about{};
    if (::fstatat(folder.get(), name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(about.st_mode)) found.push_back({name + '/', true});
    if (S_ISREG(about.st_mode)) found.push_back({std::move(name), false});
  }
  std::ranges::sort(found, {}, &folder_entry::name);
  return found;
}

}  // namespace spaces::bucket
