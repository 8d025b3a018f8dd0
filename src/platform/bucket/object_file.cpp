#include "platform/bucket/object_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace spaces::bucket {

namespace {

error failure(std::string_view doing, int code) {
  error made = unavailable("a file for an object cannot be " + std::string(doing) + ": " + std::strerror(code));
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) made.kind = error_kind::storage_full;
  return made;
}

std::string temporary_folder() {
  const char* named = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return named != nullptr && *named != '\0' ? named : "/tmp";
}

}  // namespace

result<object_file> object_file::make() {
  descriptor file(::open(temporary_folder().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600));
  if (!file) file = descriptor(::memfd_create("object", MFD_CLOEXEC));
  if (!file) return failure("made", errno);
  return object_file(std::move(file));
}

result<void> object_file::append(std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t wrote = ::write(file_.get(), piece.data(), piece.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return failure("written", wrote < 0 ? errno : EIO);
    piece.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

/// Opened anew: a descriptor that was opened for writing goes on being one, also where it is handed on.
result<descriptor> object_file::finish() {
  const std::string own = "/proc/self/fd/" + std::to_string(file_.get());
  descriptor reading(::open(own.c_str(), O_RDONLY | O_CLOEXEC));
  if (!reading) return failure("opened", errno);
  return reading;
}

}  // namespace spaces::bucket
