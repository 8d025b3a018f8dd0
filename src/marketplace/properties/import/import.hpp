/// Listings from files into the table, as a stream: rows are read and understood by the caller's
/// thread, written by several others in transactions of up to 100. Knows nothing of terminals.
#pragma once

#include "marketplace/properties/import/row_mapping.hpp"
#include "marketplace/properties/import/row_source.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

struct import_settings {
  mapping_options mapping;
  bool restore = false;           ///< the file is an export: ids, versions and times are kept
  std::uint64_t bytes_total = 0;  ///< of the file; 0 when nobody knows
};

struct import_counts {
  std::uint64_t rows = 0;  ///< read
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;  ///< and not written again
  std::uint64_t older = 0;      ///< passed over: the store has a later row (or version) of the same listing
  std::uint64_t rejected = 0;
  std::uint64_t line = 0;   ///< of the last row read
  std::uint64_t bytes = 0;  ///< of the file read

  std::uint64_t completed() const { return created + updated + unchanged + older + rejected; }
};

/// A row that did not go in.
struct rejected_row {
  std::size_t line = 0;
  std::string column;  ///< where it broke a rule; several with "; " between; empty: the whole row
  std::string reason;
  std::string_view cells;  ///< the row as it came, in CSV: its cells, or its text in one cell
};

/// Called by one thread at a time. An error ends the import.
using rejection_sink = std::function<result<void>(const rejected_row&)>;
/// Called every some rows by the reading thread; false ends the import behind what was read.
using import_progress = std::function<bool(const import_counts&)>;

struct import_report {
  import_counts counts;
  bool interrupted = false;         ///< by `progress`: what was read is in
  std::optional<error> failure;     ///< ended by it; what the counts say is in all the same
  std::vector<std::string> unused;  ///< columns that mean nothing to us
  std::string order_column;         ///< that told which row of a key is later; empty: none
};

/// The error that `import_listings` would give for the columns and options; for a check before a store
/// is made for it.
result<void> check_columns(const row_source& rows, const import_settings& settings);

/// Reads all of `rows` (opened already) into `store`; null: a dry run into an empty one. With `writes`
/// false nothing is written, and rows of one key are each held against what the store has now.
/// Errors, before anything was written, say what is wrong with the columns or options.
result<import_report> import_listings(row_source& rows, table::single_table* store, bool writes, const clock& time,
                                      const import_settings& settings, const rejection_sink& reject,
                                      const import_progress& progress);

/// The header of the file of rejected rows: "line,column,reason" and the file's own columns.
std::string rejection_header(const row_source& rows);
/// A row of it.
std::string rejection_line(const rejected_row& row);

}  // namespace spaces::properties
