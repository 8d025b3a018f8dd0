/// Moves a marketplace from one table into another, of whatever engine, and holds the two against each
/// other: how a user who outgrows one machine moves, and how one who wants to go back does.
///
/// The destination gets the store's own item (META / STORE) too, so that cursors which clients hold stay
/// good. While it is not whole, that item says so, and no process serves the store. A copy may be run again
/// after an interruption, or when the source has changed since: what is the same is left alone, what differs
/// is written, what the source has no more is removed.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/table/item_digest.hpp"
#include "platform/table/patient_table.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace spaces::table {

/// Threads that write. On DynamoDB each has one request on its way: at 5 ms a put, 64 are more than ten thousand
/// items a second. The embedded engine commits what waits together, as for imports.
inline constexpr std::size_t copy_writers_count = 64;
/// Items in one batch of a thread, and batches that wait: bounds what is in memory.
inline constexpr std::size_t copy_batch_items = batch_keys_max;
inline constexpr std::size_t copy_batch_bytes_max = 1024 * 1024;
inline constexpr std::size_t copy_queue_max = 2 * copy_writers_count;
/// What expires within a day of the beginning is copied and not compared: it may be gone from one of the two
/// when they are held against each other.
inline constexpr std::chrono::hours copy_time_max{24};
/// Keys that are named when the two differ.
inline constexpr std::size_t differences_named_max = 20;

struct copy_counts {
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  std::uint64_t unchanged = 0;  ///< there already, and the same
  std::uint64_t removed = 0;    ///< that the source has no more
  std::uint64_t checked = 0;    ///< read again to hold the two against each other
};

struct copy_report {
  copy_counts counts;
  bool again = false;           ///< into an earlier copy of the same store
  bool interrupted = false;     ///< by `progress`; run again, it goes on
  bool source_changed = false;  ///< somebody wrote to it meanwhile, as far as its engine can tell
  item_digest source;
  item_digest destination;
  std::vector<std::string> differences;  ///< keys and what is wrong with them, where the two differ

  bool same() const { return !interrupted && source == destination && differences.empty(); }
};

/// Called by the thread that reads, every some items; false ends it behind what was read.
using copy_progress_told = std::function<bool(const copy_counts&)>;

/// Errors: `conflict` when the destination holds another store, or the source is itself a copy that is not
/// whole; what the tables answer.
/// What a table cannot answer now is waited for (table/patient_table.hpp), and fewer threads write while it is slow.
/// Interrupted, it writes what is under way and nothing more.
result<copy_report> copy_table(single_table& from, single_table& to, const clock& time,
                               const copy_progress_told& progress, const patience& how = {});

/// Holds the two against each other and writes nothing.
result<copy_report> compare_tables(single_table& from, single_table& to, const clock& time,
                                   const copy_progress_told& progress, const patience& how = {});

}  // namespace spaces::table
