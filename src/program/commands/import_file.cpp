#include "program/commands/import_file.hpp"

#include "program/commands/atomic_file.hpp"
#include "program/commands/progress.hpp"

#include <fmt/core.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

namespace spaces::app {

namespace {

error cannot_read(const std::string& file) {
  return malformed(fmt::format("'{}' cannot be read: {}", file, std::strerror(errno)));
}

result<bool> is_json_lines(const std::string& file, const std::string& format) {
  if (!format.empty()) return format == "jsonl";
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".csv" || ending == ".tsv") return false;
  if (ending == ".jsonl" || ending == ".ndjson") return true;
  return malformed(
      fmt::format("The name '{}' does not tell whether it is CSV or JSON Lines; say --format csv or jsonl", file));
}

result<std::size_t> read_some(int descriptor, const std::string& name, std::span<char> into) {
  for (;;) {
    const ssize_t got = ::read(descriptor, into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR || interruption::requested()) return cannot_read(name);
  }
}

/// A file that no folder names, so that nothing of it is left.
int nameless_file() {
  std::string name = (std::filesystem::temp_directory_path() / "spaces-import.XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

import_file::~import_file() {
  if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
}

result<void> import_file::copy_aside() {
  constexpr std::size_t piece_bytes = 256 * 1024;
  const int aside = nameless_file();
  if (aside < 0) return malformed(fmt::format("No temporary file can be made: {}", std::strerror(errno)));
  std::vector<char> piece(piece_bytes);
  for (;;) {
    const auto got = read_some(descriptor_, name_, piece);
    const bool written = got && write_fully(aside, std::string_view(piece.data(), *got));
    if (got && *got > 0 && written) {
      bytes_ += *got;
      continue;
    }
    if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
    descriptor_ = aside;
    if (!got) return got.error();
    if (!written) return malformed(fmt::format("The temporary file cannot be written: {}", std::strerror(errno)));
    return {};
  }
}

result<void> import_file::open(const std::string& place, const std::string& format) {
  const auto json_lines = is_json_lines(place, format);
  if (!json_lines) return json_lines.error();
  json_lines_ = *json_lines;
  name_ = place == "-" ? place : std::filesystem::path(place).filename().string();
  descriptor_ = place == "-" ? STDIN_FILENO : ::open(place.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) return cannot_read(place);
  struct stat facts{};
  if (::fstat(descriptor_, &facts) != 0) return cannot_read(place);
  if (S_ISDIR(facts.st_mode)) return malformed(fmt::format("'{}' is a folder, not a file", place));
  if (!S_ISREG(facts.st_mode)) return copy_aside();
  bytes_ = static_cast<std::uint64_t>(facts.st_size);
  return {};
}

properties::row_opener import_file::rows() const {
  return [this]() -> result<std::unique_ptr<properties::row_source>> {
    if (::lseek(descriptor_, 0, SEEK_SET) < 0) return cannot_read(name_);
    const auto bytes = [descriptor = descriptor_, name = name_](std::span<char> into) {
      return read_some(descriptor, name, into);
    };
    auto made = json_lines_ ? properties::read_json_lines(bytes) : properties::read_csv(bytes);
    if (const auto opened = made->open(); !opened) return opened.error();
    return made;
  };
}

}  // namespace spaces::app
