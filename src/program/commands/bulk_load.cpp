#include "program/commands/bulk_load.hpp"

#include "platform/table/lmdb/lmdb_table.hpp"

#include <fmt/core.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace spaces::app {

namespace {

namespace fs = std::filesystem;

error cannot(std::string_view what, const fs::path& where) {
  return malformed(fmt::format("'{}' cannot be {}: {}.", where.string(), what, std::strerror(errno)));
}

/// Not there, or an empty folder: nobody's store.
bool is_free(const fs::path& place) {
  std::error_code failure;
  if (!fs::exists(place, failure)) return !failure;
  return fs::is_directory(place, failure) && fs::is_empty(place, failure) && !failure;
}

result<void> sync(const fs::path& what) {
  const int descriptor = ::open(what.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  error failure = synced ? error{} : cannot("made durable", what);
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) return failure;
  return {};
}

fs::path folder_above(const fs::path& place) { return place.has_parent_path() ? place.parent_path() : fs::path("."); }

/// "data/" is "data".
fs::path without_trailing_slash(fs::path place) {
  if (!place.has_filename() && place.has_parent_path()) place = place.parent_path();
  return place;
}

}  // namespace

class bulk_load::folder_beside {
 public:
  explicit folder_beside(fs::path path) : path_(std::move(path)) {}
  folder_beside(const folder_beside&) = delete;
  folder_beside& operator=(const folder_beside&) = delete;
  ~folder_beside() {
    std::error_code ignored;
    if (mine_) fs::remove_all(path_, ignored);
    if (lock_ >= 0) ::close(lock_);
  }

  const fs::path& path() const { return path_; }

  result<void> take() {
    std::error_code failure;
    fs::create_directories(folder_above(path_), failure);
    if (::mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST) return cannot("made", path_);
    lock_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ < 0) return cannot("opened", path_);
    // The folder that is locked must be the one that stands there: another command may have just
    // renamed it.
    struct stat locked{};
    struct stat standing{};
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0 || ::fstat(lock_, &locked) != 0 ||
        ::stat(path_.c_str(), &standing) != 0 || locked.st_ino != standing.st_ino)
      return malformed(fmt::format("Another command is filling '{}' now; try again when it is done.", path_.string()));
    mine_ = true;
    for (const fs::directory_entry& left : fs::directory_iterator(path_, failure)) fs::remove_all(left.path(), failure);
    return {};
  }

  result<void> put_at(const fs::path& place) {
    if (::rename(path_.c_str(), place.c_str()) != 0) {
      if (errno == ENOTEMPTY || errno == EEXIST)
        return malformed(
            fmt::format("A store came to be in '{}' meanwhile; the same command again fills it.", place.string()));
      return cannot("put in its place", path_);
    }
    mine_ = false;
    return {};
  }

 private:
  fs::path path_;
  int lock_ = -1;
  bool mine_ = false;
};

bulk_load::bulk_load(fs::path place) : place_(std::move(place)) {}

bulk_load::bulk_load(bulk_load&& other) noexcept = default;

bulk_load::~bulk_load() { table_.reset(); }  // closed before its folder goes

result<bulk_load> bulk_load::open(const configuration& settings, const clock& time) {
  if (settings.table.kind == table::engine_kind::lmdb) return open(fs::path(settings.table.data), time);
  auto opened = open_table(settings, table_use::changing, time);
  if (!opened) return opened.error();
  bulk_load made{fs::path()};
  made.connection_ = std::move(opened->connection);
  made.table_ = std::move(opened->table);
  return made;
}

result<bulk_load> bulk_load::open(const fs::path& place, const clock& time) {
  bulk_load made(without_trailing_slash(place));
  table::lmdb_options how;
  how.folder = made.place_;
  if (is_free(made.place_)) {
    made.beside_ = std::make_unique<folder_beside>(filled_beside(made.place_));
    if (const auto taken = made.beside_->take(); !taken) return taken.error();
    how.folder = made.beside_->path();
    how.sync = false;
  }
  auto opened = table::open_lmdb(how, time);
  if (!opened) return opened.error();
  made.table_ = *std::move(opened);
  return made;
}

result<void> bulk_load::settle() {
  table_.reset();
  if (!beside_) return {};
  std::error_code failure;
  for (const fs::directory_entry& one : fs::directory_iterator(beside_->path(), failure))
    if (const auto synced = sync(one.path()); !synced) return synced;
  if (const auto synced = sync(beside_->path()); !synced) return synced;
  if (const auto put = beside_->put_at(place_); !put) return put;
  return sync(folder_above(place_));
}

}  // namespace spaces::app
