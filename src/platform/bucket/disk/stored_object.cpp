#include "platform/bucket/disk/stored_object.hpp"

#include "platform/base/digest.hpp"
#include "platform/base/sha256_stream.hpp"
#include "platform/bucket/disk/folder_files.hpp"
#include "platform/bucket/disk/object_footer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

namespace spaces::bucket {

instant modified_of(const struct stat& about) {
  return std::chrono::floor<std::chrono::milliseconds>(instant(std::chrono::seconds(about.st_mtim.tv_sec)) +
                                                       std::chrono::nanoseconds(about.st_mtim.tv_nsec));
}

result<opened_object> find_object(const descriptor& objects, std::string_view key) {
  if (const auto valid = validate_key(key); !valid) return valid.error();
  auto file = open_file(objects, key);
  if (!file) return file.error();
  opened_object found{*std::move(file), {}};
  struct stat about{};
  if (::fstat(found.file.get(), &about) != 0) return file_error("open", key, errno);
  if (S_ISDIR(about.st_mode)) return not_found("object");
  const auto bytes = static_cast<std::uint64_t>(about.st_size);
  if (!S_ISREG(about.st_mode) || bytes < object_footer::bytes)
    return internal("no object of ours: " + std::string(key));
  std::array<char, object_footer::bytes> text{};
  found.info.bytes = bytes - object_footer::bytes;
  if (const auto read = read_exactly(found.file, found.info.bytes, text.data(), text.size()); !read)
    return read.error();
  auto footer = object_footer::read({text.data(), text.size()});
  if (!footer) return internal("no object of ours: " + std::string(key));
  found.info.content_type = std::move(footer->content_type);
  found.info.etag = to_hex(footer->sha256);
  found.info.modified = modified_of(about);
  return found;
}

result<bool> is_whole(const opened_object& found) {
  constexpr std::uint64_t piece_bytes = 256 * 1024;
  std::string piece(std::min(found.info.bytes, piece_bytes), '\0');
  sha256_stream digest;
  for (std::uint64_t at = 0; at < found.info.bytes; at += piece.size()) {
    piece.resize(std::min(piece_bytes, found.info.bytes - at));
    if (const auto read = read_exactly(found.file, at, piece.data(), piece.size()); !read) return read.error();
    digest.add(piece);
  }
  return to_hex(digest.digest()) == found.info.etag;
}

}  // namespace spaces::bucket
