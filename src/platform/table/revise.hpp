/// Read, change, write back: the one way in which an item that is there is changed.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/table/table.hpp"

namespace spaces::table {

/// The item's version, which every revision raises by one.
inline constexpr std::string_view version_attribute = "version";

/// What is to become of an item: another one in its place, or nothing; and what is written with it.
struct revision {
  std::optional<record::item> becomes;    ///< empty: it is removed
  std::vector<operation> alongside = {};  ///< in the same transaction, behind it
};

/// What it means that a condition of the `alongside`-th operation did not hold: an error ends the revision,
/// none has it read and apply again.
using condition_failure_reader = function_ref<result<void>(std::size_t alongside, const condition_failure& why)>;

/// Calls the pure `apply` with the item (null: there is none) and writes what it answers on the
/// condition that the version is still the one that `apply` saw; on a conflict reads and applies
/// again, until `deadline` (`unavailable`). Errors of `apply` end it and are returned. An item without a
/// version is damaged: `internal`.
result<void> revise(single_table& table, const key& which, const clock& now, instant deadline,
                    function_ref<result<revision>(const record::item* before)> apply);

/// The same, where operations alongside have conditions of their own.
result<void> revise(single_table& table, const key& which, const clock& now, instant deadline,
                    function_ref<result<revision>(const record::item* before)> apply, condition_failure_reader refused);

}  // namespace spaces::table
