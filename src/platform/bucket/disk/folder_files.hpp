/// Files below one folder, reached name by name without following links.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::bucket {

/// What the kernel says, as an error: `not_found` for what is not there, `storage_full` for no room.
error file_error(std::string_view doing, std::string_view what, int code);

/// The folder that holds the last name of `path`, below `root`; with `make`, folders that lack are made, 0700, and
/// synced.
result<descriptor> open_parent(const descriptor& root, std::string_view path, bool make);

/// The file at `path` below `root`, for reading; `not_found` where there is none, or a link stands on the way.
result<descriptor> open_file(const descriptor& root, std::string_view path);

/// The part behind the last slash.
std::string_view last_name(std::string_view path);

result<void> write_all(const descriptor& to, std::string_view bytes);
/// Exactly so many bytes from `at` on; `internal` where the file ends before.
result<void> read_exactly(const descriptor& from, std::uint64_t at, char* into, std::size_t bytes);
result<void> sync(const descriptor& what);

struct folder_entry {
  std::string name;  ///< of a folder with its slash: so do keys sort
  bool folder = false;
};
/// The files and folders of a folder whose names keys may have, sorted; links are none.
std::vector<folder_entry> entries_of(const descriptor& folder);

}  // namespace spaces::bucket
