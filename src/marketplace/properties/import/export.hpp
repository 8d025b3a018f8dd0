/// Listings out of the table, as a stream: what `--restore` of an import reads back to the same items.
#pragma once

#include "marketplace/properties/property.hpp"
#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// Both hold every stored field, and under `other` the attributes that are no fields. CSV has a header,
/// lists with | between (a JSON array where a text of theirs has one of |;,[ in it), and writes an empty
/// text as "" and an absent one as nothing.
enum class export_format { csv, json_lines };

struct export_options {
  export_format format = export_format::csv;
  bool for_spreadsheets = false;          ///< CSV that is opened in one: no cell is a formula; no more to be restored
  std::optional<uuid> owner;              ///< only this one's
  std::optional<property_status> status;  ///< only of this one
};

struct export_report {
  std::uint64_t rows = 0;
  std::uint64_t damaged = 0;  ///< items that do not fit their fields: left out
  std::string first_damaged;  ///< key of the first
  bool interrupted = false;
  std::optional<error> unreadable;  ///< the table passed over damaged records; the rest is out
};

/// Takes the text, some hundred kilobytes at a time.
using export_sink = function_ref<result<void>(std::string_view text)>;
/// Called every some rows; false ends the export.
using export_progress = std::function<bool(std::uint64_t rows)>;

/// All listings in the table's own order, of one moment where the table has snapshots.
result<export_report> export_listings(table::single_table& store, const export_options& options, export_sink sink,
                                      const export_progress& progress);

}  // namespace spaces::properties
