#include "platform/identity/local/key_folder.hpp"

#include "platform/identity/local/secret_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace spaces::identity {

namespace {

constexpr std::string_view suffix = ".pem";
constexpr std::size_t time_size = 15;  // 20261124T220000, with milliseconds or without, and Z behind it
/// A folder's time of change has the kernel's tick of some milliseconds: what changed twice within one is seen
/// by reading again while the change is this young.
constexpr std::chrono::seconds young_age{2};

/// "20261124T220000.000Z." as RFC 3339 for the one reader of times.
std::optional<instant> time_in(std::string_view name) {
  const std::string_view time = name.substr(0, name.find('Z'));
  if (time.size() == name.size() || time.size() < time_size || time[8] != 'T') return std::nullopt;
  if (time.size() > time_size && time[time_size] != '.') return std::nullopt;
  std::string spelt(time.substr(0, 4));
  spelt.append("-").append(time.substr(4, 2)).append("-").append(time.substr(6, 2)).append("T");
  spelt.append(time.substr(9, 2)).append(":").append(time.substr(11, 2)).append(":").append(time.substr(13));
  return parse_instant(spelt + "Z");
}

std::string name_of(instant signs_from, std::string_view kid) {
  std::string time = spaces::to_text(signs_from);  // 2026-11-24T22:00:00.000Z
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return time.append(".").append(kid).append(suffix);
}

error cannot(std::string_view what, const std::filesystem::path& where, int code) {
  return malformed("Cannot " + std::string(what) + " the folder of signing keys " + where.string() + ": " +
                   std::strerror(code));
}

result<kept_key> read_key(const std::filesystem::path& file, instant signs_from) {
  const auto text = read_secret_file(file);
  if (!text) return text.error();
  if (!*text) return key_file_error("read", file, "it has just gone");
  auto key = signing_key::from_text(**text);
  if (!key) return key_file_error("use", file, key.error().public_text);
  if (key->algorithm() != signature_algorithm::rs256) return key_file_error("use", file, "it is no RSA key in PEM");
  return kept_key{signs_from, std::make_shared<const signing_key>(*std::move(key)), file};
}

/// The times in the names of the folder's keys.
result<std::vector<instant>> times_in(const std::filesystem::path& folder) {
  std::error_code failed;
  std::vector<instant> found;
  std::filesystem::directory_iterator each(folder, failed);
  for (; !failed && each != std::filesystem::directory_iterator(); each.increment(failed)) {
    const std::string name = each->path().filename().string();
    if (const auto time = time_in(name); time && name.ends_with(suffix)) found.push_back(*time);
  }
  if (failed) return cannot("read", folder, failed.value());
  return found;
}

/// One process at a time makes a key: two would take the same time.
class folder_lock {
 public:
  explicit folder_lock(const std::filesystem::path& folder)
      : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_ < 0 || ::flock(folder_, LOCK_EX) != 0) failed_ = errno;
  }
  folder_lock(const folder_lock&) = delete;
  folder_lock& operator=(const folder_lock&) = delete;
  ~folder_lock() {
    if (folder_ >= 0) ::close(folder_);
  }
  int failed() const { return failed_; }

 private:
  int folder_;
  int failed_ = 0;
};

}  // namespace

result<std::vector<kept_key>> read_key_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::directory_iterator each(folder, failed);
  if (failed == std::errc::no_such_file_or_directory) return std::vector<kept_key>{};
  if (failed) return cannot("read", folder, failed.value());
  std::vector<kept_key> kept;
  for (; each != std::filesystem::directory_iterator(); each.increment(failed)) {
    const std::string name = each->path().filename().string();
    const auto signs_from = time_in(name);
    if (!signs_from || !name.ends_with(suffix)) continue;
    auto key = read_key(each->path(), *signs_from);
    if (!key) return key.error();
    kept.push_back(*std::move(key));
  }
  if (failed) return cannot("read", folder, failed.value());
  std::sort(kept.begin(), kept.end(), [](const kept_key& a, const kept_key& b) {
    return a.signs_from != b.signs_from ? a.signs_from > b.signs_from : a.key->kid() < b.key->kid();
  });
  return kept;
}

std::vector<std::shared_ptr<const signing_key>> keys_at(const std::vector<kept_key>& kept, instant now) {
  std::vector<std::shared_ptr<const signing_key>> keys;
  keys.reserve(kept.size());
  for (const kept_key& one : kept) keys.push_back(one.key);
  if (keys.empty()) return keys;
  auto signs = std::find_if(kept.begin(), kept.end(), [&](const kept_key& one) { return one.signs_from <= now; });
  if (signs == kept.end()) --signs;
  std::rotate(keys.begin(), keys.begin() + (signs - kept.begin()), keys.begin() + (signs - kept.begin()) + 1);
  return keys;
}

result<kept_key> generate_kept_key(const std::filesystem::path& folder, instant signs_from) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make", folder, errno);
  std::string pem = generate_rsa_text();
  auto key = signing_key::from_text(pem);
  // A name that begins like an option would have to be quoted on every command line.
  for (; key && key->kid().front() == '-'; key = signing_key::from_text(pem)) pem = generate_rsa_text();
  if (!key) return key.error();
  const folder_lock lock(folder);
  if (const int failed = lock.failed()) return cannot("lock", folder, failed);
  const auto taken = times_in(folder);
  if (!taken) return taken.error();
  while (std::ranges::find(*taken, signs_from) != taken->end()) signs_from += std::chrono::milliseconds(1);
  const std::filesystem::path file = folder / name_of(signs_from, key->kid());
  if (const auto written = write_secret_file(file, pem); !written) return written.error();
  return kept_key{signs_from, std::make_shared<const signing_key>(*std::move(key)), file};
}

result<void> retire_kept_key(const std::filesystem::path& folder, std::string_view kid) {
  const auto kept = read_key_folder(folder);
  if (!kept) return kept.error();
  const auto found =
      std::find_if(kept->begin(), kept->end(), [&](const kept_key& one) { return one.key->kid() == kid; });
  if (found == kept->end()) return not_found("key");
  if (kept->size() == 1) return conflict("It is the only key; generate another one first");
  if (::unlink(found->file.c_str()) != 0) return key_file_error("remove", found->file, std::strerror(errno));
  return {};
}

key_folder_watch::mark key_folder_watch::look() const {
  struct stat about{};
  if (::stat(folder_.c_str(), &about) != 0) return {};
  return {about.st_mtim.tv_sec, about.st_mtim.tv_nsec, about.st_ino};
}

result<std::optional<std::vector<std::shared_ptr<const signing_key>>>> key_folder_watch::changed(instant now) {
  using keys = std::vector<std::shared_ptr<const signing_key>>;
  // Looked at before reading: what comes in between is seen the next time.
  const mark there = look();
  const instant changed_at{std::chrono::seconds{there.seconds}};
  const bool young = there.seconds >= 0 && now - changed_at < young_age && changed_at <= now;
  const bool differs = seen_ != there;
  if (differs || young) {
    auto kept = read_key_folder(folder_);
    if (!kept) return kept.error();
    kept_ = *std::move(kept);
    seen_ = there;
  }
  keys all = keys_at(kept_, now);
  const std::string signing = all.empty() ? "" : all.front()->kid();
  if (!differs && !young && signing == signing_) return std::optional<keys>{};
  signing_ = signing;
  return std::optional<keys>(std::move(all));
}

}  // namespace spaces::identity
