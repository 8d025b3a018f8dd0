#include "platform/bucket/disk/folder_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace spaces::bucket {

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

}  // namespace spaces::bucket
