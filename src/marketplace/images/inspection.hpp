/// What an operator looks at: whether every file that a listing names is in the bucket, and no other.
#pragma once

#include "marketplace/properties/property.hpp"
#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <string_view>

namespace spaces::images {

struct media_counts {
  std::uint64_t listings = 0;  ///< with pictures
  std::uint64_t by_status[5] = {};
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;    ///< of those
  std::uint64_t missing = 0;  ///< named and not there
  std::uint64_t unnamed = 0;  ///< there and not named; a sweep removes them when they are old enough
  bool complete = false;

  std::uint64_t images() const {
    std::uint64_t all = 0;
    for (const std::uint64_t each : by_status) all += each;
    return all;
  }
};

/// Every listing that has pictures, in the table's order; `visit` says whether to go on. For operators' commands.
result<void> walk_pictures(table::single_table& table, function_ref<bool(const properties::property&)> visit);

/// Holds the bucket to the listings. `found` is called with a key and what is wrong with it, `progress` after each
/// listing; false stops.
result<media_counts> inspect_media(table::single_table& table, bucket::object_store& bucket,
                                   function_ref<void(std::string_view key, std::string_view what)> found,
                                   function_ref<bool(const media_counts& so_far)> progress);

/// The keys of a listing's files in the bucket that it names and are not there.
result<std::vector<std::string>> missing_files(bucket::object_store& bucket, const properties::property& listing);

}  // namespace spaces::images
