/// A file that is there as a whole or not at all: written beside its place and renamed at the end. Its owner alone may
/// read it (0600, whatever the umask): drafts and what was withdrawn are in it.
#pragma once

#include "platform/base/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace spaces::app {

class atomic_file {
 public:
  /// Nothing is made before the first write.
  explicit atomic_file(std::filesystem::path place) : place_(std::move(place)) {}
  atomic_file(const atomic_file&) = delete;
  atomic_file& operator=(const atomic_file&) = delete;
  /// Removes what was not completed.
  ~atomic_file();

  /// Errors name the file and the reason in their public text.
  result<void> write(std::string_view text);
  /// Durable and in its place; an empty file where nothing was written.
  result<void> complete();

  const std::filesystem::path& place() const { return place_; }

 private:
  result<void> open();
  error failure(std::string_view what) const;

  std::filesystem::path place_;
  std::string beside_;  ///< where it is written
  int descriptor_ = -1;
};

/// Writes all of the text; false with errno set.
bool write_fully(int descriptor, std::string_view text);

}  // namespace spaces::app
