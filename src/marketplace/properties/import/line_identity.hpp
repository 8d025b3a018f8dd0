/// Rows without a key are known by their line. Whether the lines are what they were when the file was imported before.
#pragma once

#include "marketplace/properties/import/import.hpp"
#include "platform/table/table.hpp"

namespace spaces::properties {

/// Reads all rows and holds them against the listings that their lines made. `malformed` when some are of other houses
/// now: the sentence names the first, and the columns that could be keys. False when `progress` ended it.
result<bool> compare_lines(const row_opener& open, row_mapping& mapping, table::single_table& store,
                           const import_progress& progress);

}  // namespace spaces::properties
