/// A file without a name that an object is fetched into piece by piece, for who needs one as a file
/// (`object_store::open`): nobody else can open it, and it is gone with its last descriptor, however the process ends.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/base/error.hpp"

#include <string_view>

namespace spaces::bucket {

class object_file {
 public:
  /// Below TMPDIR, or /tmp; where no file can be made there, in memory outside the heap (memfd_create(2)).
  static result<object_file> make();

  /// `storage_full` where there is no space.
  result<void> append(std::string_view piece);
  /// The same file for reading alone, from its beginning.
  result<descriptor> finish();

 private:
  explicit object_file(descriptor file) : file_(std::move(file)) {}

  descriptor file_;
};

}  // namespace spaces::bucket
