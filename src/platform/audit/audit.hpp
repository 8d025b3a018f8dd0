/// What operators did, kept as items: who, when, what, to whom, why. An entry is written in the transaction of what it
/// tells, or before it; nothing changes or removes one.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/table/table.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::audit {

/// More than one screen shows; older ones by `before`.
inline constexpr std::size_t listed_max = 1000;
/// A reason is a sentence or two, for the person whom it is told as well.
inline constexpr std::size_t reason_max = 500;

struct entry {
  uuid id;
  instant at;
  std::string action;   ///< "users suspend", as the command is called
  std::string subject;  ///< the id of whom or what it was done to
  std::string by;       ///< the operator's name on the machine
  std::optional<std::string> reason;

  static record::field_span fields();
};

/// Made now.
entry make_entry(std::string_view action, std::string_view subject, std::string_view by,
                 std::optional<std::string> reason, instant now);

/// AUDIT#id / ENTRY, and in GSI1 AUDIT / time#id.
table::put put_entry(const entry& made);

/// The newest first, at most `count` (1 to `listed_max`), of this subject alone where it is given, from before
/// `before`.
result<std::vector<entry>> list(table::single_table& table, std::size_t count,
                                const std::optional<std::string>& subject, std::optional<instant> before);

/// `invalid` for a reason that is empty, longer than `reason_max`, has control characters in it or is not legible.
result<void> validate_reason(std::string_view reason);

}  // namespace spaces::audit
