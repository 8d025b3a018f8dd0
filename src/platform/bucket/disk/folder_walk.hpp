/// All of a disk's bucket at a time, for operators' commands; beside a server or not.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace spaces::bucket {

struct folder_report {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;    ///< of their content
  std::uint64_t damaged = 0;  ///< found so by a check
  bool interrupted = false;
};

/// Called after each object; false stops.
using folder_progress = function_ref<bool(const folder_report& so_far)>;

/// Copies the objects of the bucket in `from` into `to`, which is made. Where one file system holds both, a file is
/// linked and not copied: objects are never changed in their place, so that the copy stays as it is whatever becomes of
/// the bucket. What is removed meanwhile is in it or not. Durable before it returns.
result<folder_report> copy_folder(const std::filesystem::path& from, const std::filesystem::path& to,
                                  folder_progress progress);

/// Reads every object of the bucket in `folder` and holds it to its checksum; `found` hears of each that is damaged,
/// and of files that are no objects.
result<folder_report> check_folder(const std::filesystem::path& folder,
                                   function_ref<void(std::string_view key, std::string_view what)> found,
                                   folder_progress progress);

}  // namespace spaces::bucket
