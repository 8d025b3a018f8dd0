/// The file that an import reads, as often as it needs to.
#pragma once

#include "marketplace/properties/import/import.hpp"
#include "platform/base/error.hpp"

#include <cstdint>
#include <string>

namespace spaces::app {

class import_file {
 public:
  import_file() = default;
  import_file(const import_file&) = delete;
  import_file& operator=(const import_file&) = delete;
  ~import_file();

  /// `place` is "-" for standard input; `format` csv, jsonl or empty: by the name. What can be read only once, such as
  /// a pipe, is first written into a file without name in the folder for temporary files.
  result<void> open(const std::string& place, const std::string& format);

  /// From the beginning.
  properties::row_opener rows() const;

  const std::string& name() const { return name_; }  ///< without its folder
  std::uint64_t bytes() const { return bytes_; }
  bool tabular() const { return !json_lines_; }

 private:
  result<void> copy_aside();

  std::string name_;
  int descriptor_ = -1;
  std::uint64_t bytes_ = 0;
  bool json_lines_ = false;
};

}  // namespace spaces::app
