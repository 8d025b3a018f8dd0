/// Work after the answer: e-mails to send, traces of a user to erase. A job is an item of the table, written
/// in the transaction whose consequence it is, so that neither is there without the other.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::jobs {

/// Whose turn it is. What takes seconds of a core has a runner of its own, so that no e-mail waits behind it.
enum class queue : std::uint8_t { quick, slow };

/// What is to be done.
struct job {
  std::string_view kind;               ///< "send-verification": which handler does it
  record::item details;                ///< what the handler is told; names begin with a small letter
  std::chrono::milliseconds delay{0};  ///< not before so long from now
  jobs::queue queue = jobs::queue::quick;
};

/// The put that asks for it, to stand in a transaction. Ring the bell (jobs/runner.hpp) once that is written.
table::put enqueue(const job& what, const uuid& id, instant now);

/// Jobs by kind, for operators.
struct waiting {
  struct count {
    std::uint64_t due = 0;     ///< to be done, now or later
    std::uint64_t failed = 0;  ///< given up
  };
  std::map<std::string, count> by_kind;
};
result<waiting> count(table::single_table& table);

/// How a job stands in the table: what jobs.cpp, runner.cpp and earlier_jobs.cpp share.
namespace layout {

inline constexpr std::string_view entity_type = "Job";
/// One partition for all of a queue that is to be done, in the order of when, which is the sort key. No index has a row
/// of it: that would be a write unit more to enqueue a job and one more to remove it. DynamoDB holds one partition to
/// 1,000 writes a second, and a job takes four (two in its transaction, lease, removal): 250 jobs a second for the
/// whole marketplace.
constexpr std::string_view due_partition(queue which) { return which == queue::quick ? "DUE" : "DUE#slow"; }
/// Those that were given up: nobody looks for them but an operator.
inline constexpr std::string_view failed_partition = "FAILED";
inline constexpr std::string_view kind = "Kind";
inline constexpr std::string_view tries = "Tries";
/// Until when it is one process's alone; nobody's where it is absent or past.
inline constexpr std::string_view leased_until = "LeasedUntil";
/// Why the last try failed; never shown to clients.
inline constexpr std::string_view trouble = "Trouble";

/// "2026-11-22T08:00:00.000Z#id"
std::string due_key(instant due, const uuid& id);
/// The id in such a key.
std::optional<uuid> id_in(std::string_view due_key);
/// The last key of all that are due at `now`.
std::string due_until(instant now);

}  // namespace layout

}  // namespace spaces::jobs
