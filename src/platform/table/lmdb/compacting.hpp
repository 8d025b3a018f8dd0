/// Giving a store's free pages back to the file system. LMDB uses freed pages again and never makes the file smaller:
/// only a copy without them does.
#pragma once

#include "platform/base/error.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"

#include <cstdint>
#include <filesystem>

namespace spaces::table {

struct compacted {
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;
};

/// Puts a copy without free pages in the place of the store in `folder`, durable when it returns. Nobody may have the
/// store open, which is checked, and who would open it meanwhile waits. Needs as much room as the data takes; on an
/// error, or when the process is killed, the store is as it was. Errors' public texts are sentences for the operator.
result<compacted> compact_store(const std::filesystem::path& folder, const copy_progress& progress = {});

}  // namespace spaces::table
