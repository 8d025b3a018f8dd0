/// Is everything in a store as it was written? For the operator's `check`.
#pragma once

#include "platform/base/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace spaces::table {

enum class finding_kind : std::uint8_t {
  damaged_item,    ///< its checksum is wrong
  malformed_item,  ///< right checksum, but no well-formed item: a bug of the writer
  missing_row,     ///< the item says it is in an index, and is not
  wrong_row,       ///< the index row carries another card or expiry than the item
  damaged_row,     ///< its checksum is wrong
  stray_row,       ///< a row of no item, or of one that is not there in the index
  missing_mark,    ///< an item that expires has no mark for the sweep
  stray_mark,      ///< a mark for the sweep without its item
  unknown_record,  ///< a key that this version does not write
  damaged_page,    ///< the file's own structure: what lies behind could not be looked at
};
std::string_view to_text(finding_kind kind);

struct finding {
  finding_kind kind = finding_kind::damaged_item;
  std::string where;   ///< the key, printable
  std::string detail;  ///< one sentence
};

struct check_report {
  std::uint64_t items = 0;
  std::uint64_t rows = 0;
  std::uint64_t marks = 0;
  std::uint64_t findings = 0;
  bool clean() const { return findings == 0; }
};

struct check_listener {
  std::function<void(const finding&)> found;
  std::function<void(std::uint64_t, std::uint64_t)> progress;  ///< records looked at, and in all
};

/// Walks one snapshot of the store: every checksum, every row of every item, and every item of every
/// row. Reads only; others may go on reading and writing meanwhile.
///
/// The walk runs in a child process made by fork(), because a damaged page can crash one who follows
/// it: the child's death becomes a finding with the last key it reached. Call it where this process
/// has no other threads yet; a child made beside them may find a lock taken for good. Errors: there is
/// no store, or no process could be made.
result<check_report> check_store(const std::filesystem::path& folder, const check_listener& listener);

/// The same without a child. `at` is told each key before it is followed.
result<check_report> check_in_this_process(const std::filesystem::path& folder, const check_listener& listener,
                                           const std::function<void(std::string_view)>& at = {});

}  // namespace spaces::table
