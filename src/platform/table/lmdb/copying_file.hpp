/// A copy of a store's file: what backups and compacting share.
#pragma once

#include "platform/table/lmdb/lmdb_table.hpp"

#include <lmdb.h>

#include <cstdint>
#include <filesystem>

namespace spaces::table::lmdb {

/// `compact` leaves free pages out; it reads the whole tree, page by page, for that.
enum class copy_kind { as_it_is, compact };

/// Copies the store as it is at this moment into an open file; not durable yet. Progress is of `bytes_in_all`. An error
/// is LMDB's or the system's.
int copy_file(MDB_env* env, int target, copy_kind kind, std::uint64_t bytes_in_all, const copy_progress& progress);

/// Makes what was renamed in it durable; 0 or errno.
int sync_folder(const std::filesystem::path& folder);

}  // namespace spaces::table::lmdb
