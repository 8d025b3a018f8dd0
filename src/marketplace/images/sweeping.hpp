/// Removes what is in the bucket and in no listing: files whose picture is gone, originals that were refused or are
/// kept long enough. What removes a picture removes its files, too; here is what a process left that ended between the
/// two. Walks the bucket key by key; each key says which listing must name it.
#pragma once

#include "marketplace/images/image.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/deadline.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace spaces::images {

struct sweep_counts {
  std::uint64_t examined = 0;
  std::uint64_t removed = 0;
  std::uint64_t bytes = 0;    ///< of those removed
  std::uint64_t foreign = 0;  ///< keys that are none of a picture's, which are left alone
  bool complete = false;
};

class sweeping {
 public:
  /// Everything handed in outlives it.
  sweeping(table::single_table& table, const clock& clock, bucket::object_store& bucket,
           std::chrono::days originals_kept)
      : table_(table), clock_(clock), bucket_(bucket), originals_kept_(originals_kept) {}

  /// Goes on where the last one ended, by whatever process; a round begins every `sweep_interval`. Repeatable.
  result<sweep_counts> sweep_some(deadline_time until, const std::stop_token& stop);

  /// A whole round, now. `progress` is called after each step; false stops. With `only_look`, nothing is removed.
  result<sweep_counts> sweep_all(bool only_look, const std::function<bool(const sweep_counts& so_far)>& progress);

 private:
  struct place {
    std::string after;  ///< empty: no round is under way
    instant began{};    ///< of the last round
  };
  result<place> read_place();
  result<void> keep(const place& where);
  /// One page behind `after`, which becomes its last key, or empty behind the last one.
  result<void> step(std::string& after, bool only_look, sweep_counts& counts);
  result<std::vector<bool>> named(const std::vector<bucket::listed_object>& objects, sweep_counts& counts);

  table::single_table& table_;
  const clock& clock_;
  bucket::object_store& bucket_;
  std::chrono::days originals_kept_;
};

}  // namespace spaces::images
