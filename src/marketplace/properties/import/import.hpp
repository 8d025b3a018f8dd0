/// Listings from files into the table, as a stream, in two passes: the first tells what the columns hold, the second
/// brings the rows in, which are read and understood by the caller's thread and written by several others in
/// transactions of up to 100. Knows nothing of terminals.
#pragma once

#include "marketplace/properties/import/import_reasons.hpp"
#include "marketplace/properties/import/restore_mapping.hpp"
#include "marketplace/properties/import/row_mapping.hpp"
#include "marketplace/properties/import/row_source.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

struct import_settings {
  mapping_options mapping;
  bool restore = false;           ///< the file is an export: ids, versions and times are kept
  bool fetch_images = false;      ///< pictures that the file names by their addresses are to be fetched, by jobs
  bool for_spreadsheets = false;  ///< rejected rows are for one: none of their cells is a formula
  bool new_store = false;         ///< nothing was imported into it before
  std::uint64_t bytes_total = 0;  ///< of the file; 0 when nobody knows
};

struct import_counts {
  std::uint64_t rows = 0;  ///< read
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;  ///< and not written again
  std::uint64_t older = 0;      ///< passed over: the store has a later row (or version) of the same listing
  std::uint64_t rejected = 0;
  std::uint64_t left_out = 0;  ///< rows of what this marketplace does not have: houses to let
  std::uint64_t line = 0;      ///< of the last row read
  std::uint64_t bytes = 0;     ///< of the file read

  std::uint64_t completed() const { return created + updated + unchanged + older + rejected + left_out; }
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
/// What is being done with the rows that are counted.
enum class import_phase : std::uint8_t {
  surveying,  ///< the first pass
  comparing,  ///< rows without a key are held against what their lines were before
  writing,
};
/// Called every some rows by the reading thread; false ends the import behind what was read.
using import_progress = std::function<bool(import_phase, const import_counts&)>;

struct import_report {
  import_counts counts;
  bool interrupted = false;           ///< by `progress`: what was read is in
  std::optional<error> failure;       ///< ended by it; what the counts say is in all the same
  std::vector<reason_total> reasons;  ///< of rows and cells that did not go in
};

/// The file from its beginning, opened; one for each pass.
using row_opener = std::function<result<std::unique_ptr<row_source>>()>;

/// What a file's columns mean: of other people's files, or of an export that is restored.
class import_plan {
 public:
  /// Reads the file (of an export the names of its columns alone). Errors say what is wrong with the columns or
  /// options, each in a sentence; nothing was written.
  static result<import_plan> make(const row_opener& open, const import_settings& settings,
                                  const import_progress& progress);

  /// Ended by `progress`: it is no plan.
  bool interrupted() const { return interrupted_; }
  /// Null for an export.
  row_mapping* mapping() { return mapping_ ? &*mapping_ : nullptr; }
  const row_mapping* mapping() const { return mapping_ ? &*mapping_ : nullptr; }
  restore_mapping& restoring() { return *restoring_; }
  /// All columns of the file.
  const std::vector<std::string>& columns() const { return columns_; }

 private:
  std::optional<row_mapping> mapping_;
  std::optional<restore_mapping> restoring_;
  std::vector<std::string> columns_;
  bool interrupted_ = false;
};

/// Brings all rows into `store`; null: a dry run into an empty one. With `writes` false nothing is written, and rows of
/// one key are each held against what the store has now. An error before anything was written: without a key, lines
/// that were other houses when the file was imported before.
result<import_report> import_listings(const row_opener& open, import_plan& plan, table::single_table* store,
                                      bool writes, const clock& time, const import_settings& settings,
                                      const rejection_sink& reject, const import_progress& progress);

/// The header of the file of rejected rows: "line,column,reason" and the file's own columns, or "row" for files that
/// are no tables. For a spreadsheet no cell is a formula (csv_writer.hpp).
std::string rejection_header(const std::vector<std::string>& columns, bool tabular, bool for_spreadsheets);
/// A row of it.
std::string rejection_line(const rejected_row& row, bool for_spreadsheets);

}  // namespace spaces::properties
