#include "program/commands/atomic_file.hpp"

#include <fmt/core.h>

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace spaces::app {

bool write_fully(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(descriptor, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

atomic_file::~atomic_file() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(beside_.c_str());
}

error atomic_file::failure(std::string_view what) const {
  error told = unavailable(std::string(what));
  told.public_text = fmt::format("'{}' cannot be {}: {}", place_.string(), what, std::strerror(errno));
  return told;
}

result<void> atomic_file::open() {
  beside_ = place_.string() + ".XXXXXX";
  descriptor_ = ::mkostemp(beside_.data(), O_CLOEXEC);
  if (descriptor_ < 0) return failure("made");
  return {};
}

result<void> atomic_file::write(std::string_view text) {
  if (descriptor_ < 0) {
    if (const auto opened = open(); !opened) return opened.error();
  }
  if (!write_fully(descriptor_, text)) return failure("written");
  return {};
}

result<void> atomic_file::complete() {
  if (const auto made = write({}); !made) return made.error();
  if (::fsync(descriptor_) != 0) return failure("written");
  if (::rename(beside_.c_str(), place_.c_str()) != 0) return failure("put in its place");
  ::close(descriptor_);
  descriptor_ = -1;
  return {};
}

}  // namespace spaces::app
