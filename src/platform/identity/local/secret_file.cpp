#include "platform/identity/local/secret_file.hpp"

#include "platform/base/descriptor.hpp"
#include "platform/base/digest.hpp"
#include "platform/identity/local/signing_keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace spaces::identity {

error key_file_error(std::string_view what, const std::filesystem::path& file, std::string_view why) {
  return malformed("Cannot " + std::string(what) + " the signing key " + file.string() + ": " + std::string(why));
}

namespace {

error cannot(std::string_view what, const std::filesystem::path& file, std::string_view why) {
  return key_file_error(what, file, why);
}

error cannot(std::string_view what, const std::filesystem::path& file, int code) {
  return cannot(what, file, std::strerror(code));
}

bool write_all(int to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(to, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

result<std::string> read_all(const descriptor& from, const std::filesystem::path& file) {
  std::string text;
  std::array<char, 4096> part;
  for (;;) {
    const ssize_t got = ::read(from.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", file, errno);
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > key_text_bytes_max) return cannot("use", file, "it is too large");
  }
}

}  // namespace

result<std::optional<std::string>> read_secret_file(const std::filesystem::path& file) {
  // Without waiting: a named pipe must not hold the start up.
  const descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!in) {
    if (errno == ENOENT) return std::optional<std::string>{};
    return errno == ELOOP ? cannot("use", file, "it is a symbolic link") : cannot("open", file, errno);
  }
  struct stat about{};
  if (::fstat(in.get(), &about) != 0) return cannot("look at", file, errno);
  if (!S_ISREG(about.st_mode)) return cannot("use", file, "it is no plain file");
  if (about.st_uid != ::geteuid()) return cannot("use", file, "it belongs to another user");
  if ((about.st_mode & 077) != 0) return cannot("use", file, "others may read or write it; set its mode to 0600");
  result<std::string> text = read_all(in, file);
  if (!text) return text.error();
  return std::optional<std::string>(*std::move(text));
}

result<void> write_secret_file(const std::filesystem::path& file, std::string_view text) {
  std::array<std::uint8_t, 8> random{};
  fill_random(random);
  const std::filesystem::path draft = file.string() + "." + to_hex(random) + ".new";
  // link(2) never replaces, which rename(2) would.
  const descriptor out(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out) return cannot("create", file, errno);
  int failed = 0;
  // The mode once more: the umask may have taken the owner's own bits.
  if (::fchmod(out.get(), 0600) != 0 || !write_all(out.get(), text) || ::fsync(out.get()) != 0) {
    failed = errno;
  } else if (::link(draft.c_str(), file.c_str()) != 0 && errno != EEXIST) {
    failed = errno;
  }
  ::unlink(draft.c_str());
  if (failed != 0) return cannot("create", file, failed);
  const descriptor directory(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) return cannot("keep", file, errno);
  return {};
}

}  // namespace spaces::identity
