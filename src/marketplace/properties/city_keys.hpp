/// City keys hold folded texts (TABLE.md). A store whose keys an earlier version of the folding made gets them anew
/// once, in the background, while it is served.
#pragma once

#include "platform/base/deadline.hpp"
#include "platform/base/error.hpp"
#include "platform/table/table.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace spaces::properties {

class city_keys {
 public:
  explicit city_keys(table::single_table& table) : table_(table) {}

  /// True once all keys are made by this program's folding, here or by another process. Until then a city is looked for
  /// among all listings of a status. Costs a read of the store's own item while it says no, then nothing.
  result<bool> current();

  /// What the opening of the store has read already.
  void note(int stored_version);

  struct progress {
    std::uint64_t examined = 0;
    std::uint64_t remade = 0;
    bool complete = false;  ///< false: the time is over, or somebody wants the end
  };
  /// Walks the public listings and writes those anew whose keys are others now; goes on where this process stopped.
  /// Versions and times of change stay. Safe to kill, to repeat, and to run in several processes; nothing but another
  /// program that writes old keys undoes it.
  result<progress> remake(deadline_time until, const std::stop_token& stop);
  /// The same as periodic work: nothing where the keys are current.
  result<void> remake_some(deadline_time until, const std::stop_token& stop);

 private:
  result<void> remake_page(const std::vector<table::key>& keys, progress& so_far);
  result<bool> remake_one(const table::key& key, record::item stored);

  table::single_table& table_;
  std::atomic<bool> current_ = false;
  // One run at a time.
  std::mutex running_;
  std::size_t status_ = 0;                ///< of the statuses that are walked
  std::optional<table::position> after_;  ///< in its index
};

}  // namespace spaces::properties
