/// A disk that syncs in no time: LD_PRELOAD=libunsynced.so program. The calls that wait for the disk
/// return immediately, and files are opened without O_SYNC and O_DSYNC (LMDB writes its root through such a
/// one). What the same program reaches without the disk's waits, on the same file system.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdarg>

namespace {

using open_call = int (*)(const char*, int, ...);

int open_unsynced(const char* original, const char* path, int flags, mode_t mode) {
  const auto open_file = reinterpret_cast<open_call>(::dlsym(RTLD_NEXT, original));
  return open_file(path, flags & ~(O_SYNC | O_DSYNC), mode);
}

mode_t mode_of(int flags, va_list more) {
  const bool makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return makes ? static_cast<mode_t>(va_arg(more, unsigned)) : mode_t{0};
}

}  // namespace

extern "C" {

int fsync(int) { return 0; }
int fdatasync(int) { return 0; }
int msync(void*, std::size_t, int) { return 0; }

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_unsynced("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_unsynced("open64", path, flags, mode);
}

}  // extern "C"
