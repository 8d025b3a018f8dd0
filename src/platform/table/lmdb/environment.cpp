#include "platform/table/lmdb/environment.hpp"

#include "platform/table/lmdb/layout.hpp"
#include "platform/table/store_meta.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <system_error>

namespace spaces::table::lmdb {

namespace {

/// Room that the largest group of writes may need (writer.hpp), twice: below it a write cut short
/// is taken for a full disk.
constexpr std::uint64_t near_full_bytes = 64 << 20;
/// The smallest map worth having; below it the store is refused.
constexpr std::size_t map_bytes_min = std::size_t{64} << 20;

error cannot_open(std::string sentence) {
  error failure;
  failure.kind = error_kind::unavailable;
  failure.public_text = std::move(sentence);
  return failure;
}

/// The folder itself, or of those above it the nearest that is there.
std::filesystem::path there_of(std::filesystem::path folder) {
  std::error_code failed;
  while (!std::filesystem::exists(folder, failed) && folder.has_relative_path()) folder = folder.parent_path();
  return folder.empty() ? "." : folder;
}

std::string gib(std::uint64_t bytes) {
  if (bytes >= std::uint64_t{10} << 30) return std::to_string(bytes >> 30) + " GiB";
  return std::to_string(bytes >> 20) + " MiB";
}

std::optional<std::uint64_t> soft_limit(__rlimit_resource which) {
  rlimit limit{};
  if (getrlimit(which, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

/// The folders that this process has open: LMDB's locks are the process's, and closing any second
/// environment of a file would drop those of the first. A fork's child starts with none.
class open_folders {
 public:
  bool claim(std::pair<std::uint64_t, std::uint64_t> folder) {
    const std::lock_guard lock(mutex_);
    pid_t& owner = owners_[folder];
    if (owner == getpid()) return false;
    owner = getpid();
    return true;
  }
  void release(std::pair<std::uint64_t, std::uint64_t> folder) {
    const std::lock_guard lock(mutex_);
    owners_.erase(folder);
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, pid_t> owners_;
};

open_folders& folders() {
  static open_folders all;
  return all;
}

}  // namespace

error failure_of(int code, std::string_view doing) {
  const std::string text = std::string(doing) + ": " + mdb_strerror(code);
  switch (code) {
    case ENOSPC:
    case EFBIG:
    case EDQUOT:
    case MDB_MAP_FULL: {
      error failure = unavailable(text);
      failure.kind = error_kind::storage_full;
      failure.public_text = "There is no room left to store this; nothing was changed";
      return failure;
    }
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_BAD_VALSIZE:
    case MDB_BAD_TXN:
    case MDB_BAD_DBI:
    case EINVAL: return internal(text);
    default: return unavailable(text);
  }
}

error damaged(std::string_view tree_key) { return internal("damaged record in the store: " + readable(tree_key)); }

std::optional<std::string_view> network_file_system(std::uint64_t magic) {
  // linux/magic.h and the file systems' own sources.
  static constexpr std::pair<std::uint64_t, std::string_view> known[] = {
      {0x6969, "NFS"},        {0x517B, "SMB"},      {0xFF534D42, "CIFS"},   {0xFE534D42, "SMB2"},
      {0x01021997, "9P"},     {0x00C36400, "Ceph"}, {0x5346414F, "AFS"},    {0x6B414653, "AFS"},
      {0x73757245, "Coda"},   {0x564C, "NCP"},      {0x01161970, "GFS2"},   {0x7461636F, "OCFS2"},
      {0x0BD00BD0, "Lustre"}, {0x47504653, "GPFS"}, {0x19830326, "BeeGFS"}, {0x786F4256, "VBoxSF"},
      {0xBACBACBC, "HGFS"},
  };
  const auto* found = std::ranges::find(known, magic & 0xFFFFFFFF, &std::pair<std::uint64_t, std::string_view>::first);
  if (found == std::end(known)) return std::nullopt;
  return found->second;
}

std::size_t map_bytes_within(std::size_t wanted, std::optional<std::uint64_t> limit_bytes) {
  if (!limit_bytes) return wanted;
  return std::min(wanted, static_cast<std::size_t>(*limit_bytes / 2) >> 20 << 20);
}

environment::environment(const lmdb_options& options) : options_(options) {}

environment::~environment() {
  close();
  if (claimed_) folders().release(*claimed_);
}

void environment::note(const std::string& sentence) const {
  if (options_.note) options_.note(sentence);
}

void environment::close() {
  if (env_) mdb_env_close(env_);
  env_ = nullptr;
}

result<void> environment::open(instant now) {
  if (result<void> done = open_unchecked(); !done) return done;
  return check_or_make_meta(now);
}

result<void> environment::open_unchecked() {
  if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR) return cannot_open("SIGXFSZ cannot be ignored");
  if (result<void> done = prepare_folder(); !done) return done;
  return open_environment();
}

result<void> environment::reopen() {
  close();
  try {
    return open_environment();
  } catch (const std::bad_alloc&) {
    close();
    throw;
  }
}

result<void> environment::prepare_folder() {
  const std::string shown = options_.folder.string();
  std::error_code failed;
  struct statfs system{};
  if (statfs(there_of(options_.folder).c_str(), &system) != 0)
    return cannot_open("The folder " + shown + " cannot be opened: " + std::strerror(errno));
  if (const auto network = network_file_system(static_cast<std::uint64_t>(system.f_type)))
    return cannot_open("The folder " + shown + " is on a network file system (" + std::string(*network) +
                       "), where a store cannot be kept safely; use a folder on a local disk");
  if (options_.read_only) {
    if (!std::filesystem::exists(file(), failed)) return cannot_open("There is no store in " + shown);
  } else {
    const mode_t before = umask(077);  // what stands in a store is nobody else's business
    std::filesystem::create_directories(options_.folder, failed);
    umask(before);
    if (failed) return cannot_open("The folder " + shown + " cannot be made: " + failed.message());
  }
  struct stat folder{};
  if (stat(shown.c_str(), &folder) != 0)
    return cannot_open("The folder " + shown + " cannot be opened: " + std::strerror(errno));
  const std::pair<std::uint64_t, std::uint64_t> identity{folder.st_dev, folder.st_ino};
  if (!folders().claim(identity)) return cannot_open("This process has the store in " + shown + " open already");
  claimed_ = identity;
  return {};
}

int environment::try_open(std::size_t map_bytes) {
  int code = mdb_env_create(&env_);
  if (code == MDB_SUCCESS) {
    mdb_env_set_userctx(env_, this);
    // After it returns LMDB aborts the process: there is no way on from a page that makes no sense.
    mdb_env_set_assert(env_, [](MDB_env* env, const char* text) {
      try {
        const std::string sentence = std::string("The store's file is damaged; see `spaces check`. LMDB: ") + text;
        static_cast<environment*>(mdb_env_get_userctx(env))->note(sentence);
      } catch (const std::bad_alloc&) {
        static_cast<void>(env);  // said or not, it is damaged
      }
      if (damage_catchers > 0) throw damaged_page();
    });
  }
  if (code == MDB_SUCCESS) code = mdb_env_set_mapsize(env_, map_bytes);
  if (code == MDB_SUCCESS) code = mdb_env_set_maxreaders(env_, readers_max);
  // NOTLS: snapshots belong to the pool, not to threads. NORDAHEAD: in a store larger than memory a
  // point read would otherwise drag 128 KiB in for 4; a walk loses little, its pages come in runs.
  unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD;
  if (!options_.sync) flags |= MDB_NOSYNC;
  if (options_.read_only) flags |= MDB_RDONLY;
  if (code == MDB_SUCCESS) code = mdb_env_open(env_, file().c_str(), flags, 0600);
  if (code != MDB_SUCCESS) close();  // LMDB wants a fresh one after a failure
  return code;
}

result<void> environment::open_environment() {
  const std::string shown = file().string();
  const auto address_limit = soft_limit(RLIMIT_AS);
  std::size_t map_bytes = map_bytes_within(options_.map_bytes, address_limit);
  int code = ENOMEM;
  for (; map_bytes >= map_bytes_min; map_bytes /= 2) {
    code = try_open(map_bytes);
    if (code != ENOMEM) break;
  }
  if (code == ENOMEM) {
    return cannot_open("There is not enough address space to open " + shown + ": raise the limit (ulimit -v)");
  }
  if (code == MDB_INVALID || code == MDB_VERSION_MISMATCH)
    return cannot_open(shown + " is not a store of this program, or its start is damaged");
  if (code != MDB_SUCCESS) return cannot_open("The store " + shown + " cannot be opened: " + mdb_strerror(code));
  if (map_bytes < options_.map_bytes && !std::exchange(limit_noted_, true)) {
    note("This process may not have as much address space as the store asks for (ulimit -v): the store can grow to " +
         gib(map_bytes) + " instead of " + gib(options_.map_bytes));
  }

  // Opening the handle sets how keys compare; it is the same in every environment.
  MDB_txn* txn = nullptr;
  MDB_dbi handle = 0;
  code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  if (code == MDB_SUCCESS) {
    code = mdb_dbi_open(txn, nullptr, 0, &handle);
    const int committed = mdb_txn_commit(txn);
    if (code == MDB_SUCCESS) code = committed;
  }
  if (code == MDB_SUCCESS && handle != tree) code = MDB_INCOMPATIBLE;
  if (code != MDB_SUCCESS) {
    close();
    return cannot_open("The store " + shown + " cannot be read: " + mdb_strerror(code));
  }
  int cleared = 0;
  mdb_reader_check(env_, &cleared);
  return {};
}

result<void> environment::check_or_make_meta(instant now) {
  MDB_txn* txn = nullptr;
  int code = mdb_txn_begin(env_, nullptr, options_.read_only ? MDB_RDONLY : 0, &txn);
  if (code != MDB_SUCCESS)
    return cannot_open("The store " + file().string() + " cannot be opened: " + mdb_strerror(code));
  const key_view key(store_meta::pk, store_meta::sk);
  tree_key place;
  make_item_key(place, key);
  MDB_val at = as_val(place.view());
  MDB_val value{};
  MDB_stat stat{};
  code = mdb_get(txn, tree, &at, &value);
  if (code == MDB_SUCCESS) {
    const auto record = open_record(place.view(), as_view(value));
    const result<void> valid = record ? store_meta::validate(record::item_view(record->content))
                                      : malformed("The store's own record is damaged");
    mdb_txn_abort(txn);
    if (!valid) return cannot_open(valid.error().public_text + " (" + file().string() + ")");
    return {};
  }
  if (code != MDB_NOTFOUND || mdb_stat(txn, tree, &stat) != MDB_SUCCESS || stat.ms_entries != 0 || options_.read_only) {
    mdb_txn_abort(txn);
    return cannot_open(file().string() + " is not a store of this program");
  }
  const record::item meta = store_meta::make(now);
  const std::string_view content = meta.view().bytes();
  value.mv_size = header_bytes + content.size();
  code = mdb_put(txn, tree, &at, &value, MDB_RESERVE);
  if (code == MDB_SUCCESS) {
    std::memcpy(static_cast<char*>(value.mv_data) + header_bytes, content.data(), content.size());
    seal_record(place.view(), static_cast<char*>(value.mv_data), value.mv_size, never);
    code = mdb_txn_commit(txn);
  } else {
    mdb_txn_abort(txn);
  }
  if (code != MDB_SUCCESS)
    return cannot_open("The store " + file().string() + " cannot be made: " + mdb_strerror(code));
  return sync_folder();
}

result<void> environment::sync_folder() const {
  const int folder = ::open(options_.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = folder >= 0 && fsync(folder) == 0;
  const int code = errno;
  if (folder >= 0) ::close(folder);
  if (!done) return cannot_open("The folder " + options_.folder.string() + " cannot be synced: " + std::strerror(code));
  return {};
}

bool environment::means_full(int code) const {
  if (code == ENOSPC || code == EFBIG || code == EDQUOT || code == MDB_MAP_FULL) return true;
  if (code != EIO) return false;
  struct statvfs system{};
  if (statvfs(options_.folder.c_str(), &system) == 0 && system.f_bavail * system.f_frsize < near_full_bytes)
    return true;
  struct stat data{};
  const auto limit = soft_limit(RLIMIT_FSIZE);
  return limit && stat(file().c_str(), &data) == 0 &&
         static_cast<std::uint64_t>(data.st_size) + near_full_bytes > *limit;
}

}  // namespace spaces::table::lmdb
