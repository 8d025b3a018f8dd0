/// The LMDB environment of a store: opening it safely, and what its errors mean.
#pragma once

#include "platform/base/error.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"

#include <lmdb.h>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace spaces::table::lmdb {

inline constexpr std::string_view data_file = "table.lmdb";

/// Snapshots that one process holds together: 256 io threads, the event loops, walks, and reads inside
/// the visitors of others.
inline constexpr std::size_t snapshots_max = 512;
/// Places in the lock file (64 bytes each): two servers during a restart, and commands beside them.
inline constexpr unsigned readers_max = 2048;

/// The whole store is LMDB's unnamed database, whose handle is always this.
inline constexpr MDB_dbi tree = 1;

/// LMDB's and the system's codes as what a caller can do: ENOSPC, EFBIG, EDQUOT and MDB_MAP_FULL are
/// `storage_full`; what may pass is `unavailable`; a damaged file is `internal`.
error failure_of(int code, std::string_view doing);
error damaged(std::string_view tree_key);

/// A page that makes no sense. LMDB would end the process; thrown from its last words, it costs the read instead,
/// for a reading transaction has nothing to put right, and a write its thread (group_writer.hpp).
/// What LMDB met was noted; this must need no memory.
class damaged_page : public std::exception {
 public:
  const char* what() const noexcept override {
    return "The store's file is damaged; see `spaces check`. The log says what LMDB met";
  }
};
/// Who on this thread's stack catches it: snapshots, and the writer in a transaction. Without one the process ends.
inline thread_local int damage_catchers = 0;

/// "NFS" and the like when the file system with this statfs magic is reached by a network, where
/// neither locks nor maps can be trusted; empty for others.
std::optional<std::string_view> network_file_system(std::uint64_t magic);

/// Address space to set aside when the process may have `limit_bytes` in all: half of it, in whole
/// MiB, for the other half is for everything else.
std::size_t map_bytes_within(std::size_t wanted, std::optional<std::uint64_t> limit_bytes);

/// One open environment. Moving and copying is no use: LMDB wants one for each process and file.
class environment {
 public:
  explicit environment(const lmdb_options& options);
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;
  ~environment();

  /// Opens, and makes the store where there is none.
  result<void> open(instant now);
  /// Opens for a check: whatever META / STORE says or has become.
  result<void> open_unchecked();
  /// Closes and opens again; no transaction may live. After an error the store is closed, and a later
  /// call may succeed.
  result<void> reopen();

  /// Null while a reopen has failed.
  MDB_env* get() const { return env_; }
  const lmdb_options& options() const { return options_; }
  std::filesystem::path file() const { return options_.folder / data_file; }
  /// True when `code`, met in writing, comes from a disk or file without room: LMDB answers a write
  /// cut short with EIO.
  bool means_full(int code) const;
  void note(const std::string& sentence) const;

 private:
  result<void> prepare_folder();
  result<void> open_environment();
  int try_open(std::size_t map_bytes);
  result<void> check_or_make_meta(instant now);
  result<void> sync_folder() const;
  void close();

  lmdb_options options_;
  MDB_env* env_ = nullptr;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> claimed_;  ///< device and inode of the folder
  bool limit_noted_ = false;
};

}  // namespace spaces::table::lmdb
