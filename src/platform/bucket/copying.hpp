/// A bucket's objects into another one, and two buckets held against each other by their contents: tags of one store
/// mean nothing to another.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/bucket/bucket.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace spaces::bucket {

/// Differences that are named; the others are counted.
inline constexpr std::size_t differences_shown_max = 20;

struct copy_report {
  std::uint64_t read = 0;       ///< objects of the source
  std::uint64_t bytes = 0;      ///< of them
  std::uint64_t written = 0;    ///< by a copy
  std::uint64_t unchanged = 0;  ///< the same at both
  std::uint64_t different = 0;  ///< of another content or type, or missing at the destination: after a check alone
  std::uint64_t beyond = 0;     ///< at the destination alone; they are left there
  bool interrupted = false;
  std::vector<std::string> differences;  ///< a sentence each

  bool same() const { return !interrupted && different == 0 && beyond == 0; }
};

/// Called after each object; false stops.
using copy_progress = function_ref<bool(const copy_report& so_far)>;

/// Writes what the destination lacks or has otherwise. Safe to run again: what is the same is left alone. With
/// `check_only` nothing is written. Keys are listed by pages of `page_max`.
result<copy_report> copy_bucket(object_store& from, object_store& to, bool check_only, copy_progress progress,
                                std::size_t page_max = list_objects_max);

}  // namespace spaces::bucket
