/// What was requested of DynamoDB and what it charged for it, as its answers say (ReturnConsumedCapacity): cost is
/// a property that tests hold, and that metrics may show. Refused writes are charged, too, but their answers do
/// not say how much: they count as DynamoDB's guide says (`charge_of_failure`).
#pragma once

#include "platform/table/dynamodb/answers.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace spaces::table::dynamodb {

/// Units in halves: 1 is half a unit.
struct consumed {
  std::uint64_t requests = 0;
  std::uint64_t scans = 0;           ///< of the requests; no request of a client may make one
  std::uint64_t refused_writes = 0;  ///< of the requests: a condition did not hold
  std::uint64_t read_half_units = 0;
  std::uint64_t write_half_units = 0;

  friend bool operator==(const consumed&, const consumed&) = default;
};

/// Sums what the calling thread's requests consume while it lives, as deadline_scope holds its deadline:
/// a client's request is worked on by one thread at a time. Scopes nest; each sees its own and the inner ones'.
class consumption_scope {
 public:
  consumption_scope();
  ~consumption_scope();
  consumption_scope(const consumption_scope&) = delete;
  consumption_scope& operator=(const consumption_scope&) = delete;

  const consumed& so_far() const { return sum_; }

 private:
  friend class consumption_counter;
  consumed sum_;
  consumption_scope* outer_;
};

/// Of one table, since it was opened. Thread-safe.
class consumption_counter {
 public:
  void note(std::string_view operation, capacity units) { add(operation, units, false); }
  void note_refused(std::string_view operation, capacity units) { add(operation, units, true); }
  consumed so_far() const;

 private:
  void add(std::string_view operation, capacity units, bool refused);

  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> scans_{0};
  std::atomic<std::uint64_t> refused_writes_{0};
  std::atomic<std::uint64_t> read_half_units_{0};
  std::atomic<std::uint64_t> write_half_units_{0};
};

}  // namespace spaces::table::dynamodb
