#include "platform/bucket/disk/folder_walk.hpp"

#include "platform/base/descriptor.hpp"
#include "platform/bucket/disk/folder_files.hpp"
#include "platform/bucket/disk/object_footer.hpp"
#include "platform/bucket/disk/stored_object.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace spaces::bucket {

namespace {

constexpr int a_folder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

result<descriptor> open_objects(const std::filesystem::path& folder) {
  const std::filesystem::path objects = folder / objects_name;
  descriptor open(::open(objects.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!open) return malformed("The folder " + objects.string() + " cannot be opened: " + std::strerror(errno));
  return open;
}

result<descriptor> make_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return malformed("The folder " + folder.string() + " cannot be made: " + std::strerror(errno));
  descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!open) return malformed("The folder " + folder.string() + " cannot be opened: " + std::strerror(errno));
  return open;
}

/// Links are made within one file system, and not on every one.
bool may_be_copied_instead(int code) {
  return code == EXDEV || code == EPERM || code == EMLINK || code == EOPNOTSUPP || code == ENOSYS;
}

result<void> copy_bytes(const descriptor& from, const descriptor& to, std::uint64_t bytes, std::string_view name) {
  while (bytes > 0) {
    const ssize_t moved = ::sendfile(to.get(), from.get(), nullptr, bytes);
    if (moved < 0 && errno == EINTR) continue;
    if (moved <= 0) return file_error("copy", name, moved < 0 ? errno : EIO);
    bytes -= static_cast<std::uint64_t>(moved);
  }
  return sync(to);
}

class folder_copy {
 public:
  explicit folder_copy(folder_progress progress) : progress_(progress) {}

  result<void> copy(const descriptor& from, const descriptor& to) {
    for (const folder_entry& one : entries_of(from)) {
      const auto done = one.folder ? copy_below(from, to, one.name) : copy_file(from, to, one.name);
      if (!done) return done.error();
      if (report.interrupted) return {};
    }
    return sync(to);
  }

  folder_report report;

 private:
  /// A folder that went meanwhile held nothing any more.
  result<void> copy_below(const descriptor& from, const descriptor& to, const std::string& name) {
    const descriptor source(::openat(from.get(), name.c_str(), a_folder));
    if (!source) return errno == ENOENT ? result<void>() : file_error("open", name, errno);
    if (::mkdirat(to.get(), name.c_str(), 0700) != 0 && errno != EEXIST) return file_error("make", name, errno);
    const descriptor copied(::openat(to.get(), name.c_str(), a_folder));
    if (!copied) return file_error("open", name, errno);
    return copy(source, copied);
  }

  result<void> copy_file(const descriptor& from, const descriptor& to, const std::string& name) {
    const descriptor source(::openat(from.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    struct stat about{};
    if (!source || ::fstat(source.get(), &about) != 0)
      return errno == ENOENT ? result<void>() : file_error("open", name, errno);
    const auto bytes = static_cast<std::uint64_t>(about.st_size);
    if (::linkat(from.get(), name.c_str(), to.get(), name.c_str(), 0) != 0) {
      if (errno == ENOENT) return {};
      if (!may_be_copied_instead(errno)) return file_error("copy", name, errno);
      const descriptor made(
          ::openat(to.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
      if (!made) return file_error("make", name, errno);
      if (const auto done = copy_bytes(source, made, bytes, name); !done) return done.error();
    }
    ++report.objects;
    report.bytes += bytes - std::min<std::uint64_t>(bytes, object_footer::bytes);
    report.interrupted = !progress_(report);
    return {};
  }

  folder_progress progress_;
};

class folder_check {
 public:
  using listener = function_ref<void(std::string_view key, std::string_view what)>;
  folder_check(const descriptor& objects, listener found, folder_progress progress)
      : objects_(objects), found_(found), progress_(progress) {}

  result<void> check(const descriptor& folder, const std::string& above) {
    for (const folder_entry& one : entries_of(folder)) {
      if (report.interrupted) return {};
      const std::string path = above + one.name;
      if (one.folder) {
        const descriptor below(::openat(folder.get(), one.name.c_str(), a_folder));
        if (!below) continue;  // it went meanwhile
        if (const auto done = check(below, path); !done) return done.error();
      } else if (const auto done = check_object(path); !done) {
        return done.error();
      }
    }
    return {};
  }

  folder_report report;

 private:
  result<void> check_object(const std::string& key) {
    const auto opened = find_object(objects_, key);
    if (!opened && opened.error().kind == error_kind::not_found) return {};
    if (!opened && opened.error().kind != error_kind::internal) return opened.error();
    ++report.objects;
    if (!opened) {
      note(key, "is no object");
    } else {
      report.bytes += opened->info.bytes;
      const auto whole = is_whole(*opened);
      if (!whole) return whole.error();
      if (!*whole) note(key, "has another content than its checksum says");
    }
    report.interrupted = !progress_(report);
    return {};
  }

  void note(const std::string& key, std::string_view what) {
    ++report.damaged;
    found_(key, what);
  }

  const descriptor& objects_;
  listener found_;
  folder_progress progress_;
};

}  // namespace

result<folder_report> copy_folder(const std::filesystem::path& from, const std::filesystem::path& to,
                                  folder_progress progress) {
  const auto source = open_objects(from);
  if (!source) return source.error();
  const auto made = make_folder(to);
  if (!made) return made.error();
  const auto objects = make_folder(to / objects_name);
  if (!objects) return objects.error();
  folder_copy copying(progress);
  if (const auto done = copying.copy(*source, *objects); !done) return done.error();
  if (const auto done = sync(*made); !done) return done.error();
  return copying.report;
}

result<folder_report> check_folder(const std::filesystem::path& folder,
                                   function_ref<void(std::string_view key, std::string_view what)> found,
                                   folder_progress progress) {
  const auto objects = open_objects(folder);
  if (!objects) return objects.error();
  folder_check checking(*objects, found, progress);
  if (const auto done = checking.check(*objects, ""); !done) return done.error();
  return checking.report;
}

}  // namespace spaces::bucket
