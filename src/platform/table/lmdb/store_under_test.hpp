/// A store in a folder of its own, for the tests of the embedded engine.
#pragma once

#include "platform/table/contract_test.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace spaces::table {

/// Removed with all in it at the end.
class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "spaces-table-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline lmdb_options options_for(const std::filesystem::path& folder) {
  lmdb_options options;
  options.folder = folder;
  options.map_bytes = std::size_t{1} << 30;  // sanitizers keep shadows of what is mapped
  return options;
}

inline std::unique_ptr<lmdb_table> open_or_throw(const lmdb_options& options, const clock& time) {
  auto opened = open_lmdb(options, time);
  if (!opened) throw std::runtime_error(opened.error().public_text);
  return std::move(*opened);
}

/// Without waiting for the disk, where a test is not about that.
inline table_under_test make_an_lmdb_table(const clock& time) {
  auto folder = std::make_shared<temporary_folder>();
  lmdb_options options = options_for(folder->path());
  options.sync = false;
  return {folder, open_or_throw(options, time), {}};
}

/// The same with a sweep that never rests: that it removes what has expired must not show.
inline table_under_test make_a_swept_lmdb_table(const clock& time) {
  auto folder = std::make_shared<temporary_folder>();
  lmdb_options options = options_for(folder->path());
  options.sync = false;
  options.housekeeping_interval = std::chrono::milliseconds{1};
  return {folder, open_or_throw(options, time), {}};
}

}  // namespace spaces::table
