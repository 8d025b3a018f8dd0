#include "platform/bucket/disk/disk_bucket.hpp"

#include "platform/base/base64.hpp"
#include "platform/base/sha256_stream.hpp"
#include "platform/bucket/disk/folder_files.hpp"
#include "platform/bucket/disk/object_footer.hpp"
#include "platform/bucket/disk/stored_object.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace spaces::bucket {

namespace {

constexpr const char* unfinished_name = "unfinished";
/// Somebody may remove a folder between our opening and using it, when its last object goes.
constexpr int tries_max = 16;

std::string base64_of(const sha256_digest& digest) {
  std::string text;
  append_base64(text, {reinterpret_cast<const char*>(digest.data()), digest.size()});
  return text;
}

error key_taken() { return conflict("There is an object at this key already"); }

/// A file beside the objects, which becomes one when it is whole.
class unfinished_file {
 public:
  unfinished_file(const descriptor& folder, std::string name, descriptor file)
      : folder_(folder), name_(std::move(name)), file_(std::move(file)) {}
  unfinished_file(unfinished_file&& other) noexcept
      : folder_(other.folder_), name_(std::exchange(other.name_, {})), file_(std::move(other.file_)) {}
  unfinished_file(const unfinished_file&) = delete;
  unfinished_file& operator=(const unfinished_file&) = delete;
  ~unfinished_file() {
    if (!name_.empty()) ::unlinkat(folder_.get(), name_.c_str(), 0);
  }

  static result<unfinished_file> make(const descriptor& folder) {
    std::array<std::uint8_t, 16> random{};
    fill_random(random);
    std::string name = to_hex(random);
    descriptor file(::openat(folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return file_error("make", name, errno);
    return unfinished_file(folder, std::move(name), std::move(file));
  }

  const descriptor& file() const { return file_; }

  /// So that a full disk is said before the bytes come. Not every file system can.
  result<void> reserve(std::uint64_t bytes) {
    int failed = 0;
    do failed = ::fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
    while (failed == EINTR);
    if (failed == ENOSPC || failed == EDQUOT || failed == EFBIG) return file_error("make", name_, failed);
    return {};
  }

  /// Synced and in its place, in place of what is there unless `only_if_absent`.
  result<void> move_to(const descriptor& objects, std::string_view key, bool only_if_absent) {
    if (const auto kept = sync(file_); !kept) return kept.error();
    const std::string last(last_name(key));
    int failed = 0;
    for (int i = 0; i < tries_max; ++i) {
      const auto parent = open_parent(objects, key, true);
      // A folder on the way went with its last object.
      if (!parent && parent.error().kind == error_kind::not_found) {
        failed = ENOENT;
        continue;
      }
      if (!parent) return parent.error();
      const int done = only_if_absent ? ::linkat(folder_.get(), name_.c_str(), parent->get(), last.c_str(), 0)
                                      : ::renameat(folder_.get(), name_.c_str(), parent->get(), last.c_str());
      failed = done == 0 ? 0 : errno;
      if (failed == 0) {
        if (!only_if_absent) name_.clear();
        return sync(*parent);
      }
      if (failed == EEXIST) return key_taken();
      if (failed != ENOENT) break;
    }
    return file_error("keep", key, failed);
  }

 private:
  const descriptor& folder_;
  std::string name_;
  descriptor file_;
};

class disk_files final : public disk_bucket {
 public:
  disk_files(const disk_options& options, descriptor objects, descriptor unfinished, const clock& clock)
      : shown_(options.folder.string()),
        upload_url_(options.upload_url),
        objects_(std::move(objects)),
        unfinished_(std::move(unfinished)),
        seal_(options.permission_secret),
        clock_(clock) {}

  result<void> put(std::string_view key, std::string_view bytes, const put_options& how) override;
  result<object> get(std::string_view key, const std::optional<byte_range>& part) override;
  result<opened_object> open(std::string_view key) override;
  result<object_info> head(std::string_view key) override;
  result<void> remove(std::string_view key) override;
  result<object_page> list(std::string_view prefix, std::string_view after, std::size_t max) override;
  result<upload_permission> permit(const upload_rules& rules) override;
  result<void> ping() override;
  std::string_view engine() const override { return "disk"; }
  std::string place() const override { return "the folder " + shown_; }
  result<std::unique_ptr<disk_upload>> begin_upload(std::string_view token, const upload_headers& sent) override;
  result<std::size_t> sweep_unfinished(std::chrono::seconds older_than) override;

  const descriptor& objects() const { return objects_; }

 private:
  result<opened_object> find(std::string_view key) const { return find_object(objects_, key); }
  void list_folder(const descriptor& folder, const std::string& above, std::string_view prefix, std::string_view after,
                   std::size_t max, object_page& into) const;

  const std::string shown_;
  const std::string upload_url_;
  const descriptor objects_;
  const descriptor unfinished_;
  const permission_seal seal_;
  const clock& clock_;
};

result<void> disk_files::put(std::string_view key, std::string_view bytes, const put_options& how) {
  if (const auto valid = validate_key(key); !valid) return valid.error();
  if (bytes.size() > object_bytes_max) return internal("an object of " + std::to_string(bytes.size()) + " bytes");
  auto made = unfinished_file::make(unfinished_);
  if (!made) return made.error();
  if (const auto done = write_all(made->file(), bytes); !done) return done.error();
  const std::string footer = object_footer{how.content_type, sha256(bytes)}.text();
  if (const auto done = write_all(made->file(), footer); !done) return done.error();
  return made->move_to(objects_, key, how.only_if_absent);
}

result<opened_object> disk_files::open(std::string_view key) {
  auto found = find(key);
  if (found && found->info.bytes > opened_bytes_max) return too_large_to_open(found->info.bytes);
  return found;
}

/// Whether its folders are there and may be written.
result<void> disk_files::ping() {
  struct stat about{};
  struct statvfs system{};
  if (::fstat(objects_.get(), &about) != 0 || ::fstatvfs(objects_.get(), &system) != 0)
    return file_error("look at", shown_, errno);
  if (about.st_nlink == 0) return unavailable(place() + " was removed");
  if ((system.f_flag & ST_RDONLY) != 0) return unavailable(place() + " is on a disk that cannot be written");
  return {};
}

result<object> disk_files::get(std::string_view key, const std::optional<byte_range>& part) {
  auto found = find(key);
  if (!found) return found.error();
  const auto wanted = cut(found->info.bytes, part);
  if (!wanted) return wanted.error();
  if (wanted->second > object_bytes_max)
    return internal("an object of " + std::to_string(wanted->second) + " bytes is read as one");
  object read{std::move(found->info), std::string(wanted->second, '\0')};
  if (const auto done = read_exactly(found->file, wanted->first, read.bytes.data(), read.bytes.size()); !done)
    return done.error();
  return read;
}

result<object_info> disk_files::head(std::string_view key) {
  auto found = find(key);
  if (!found) return found.error();
  return std::move(found->info);
}

/// Folders that are left empty go with their last object.
result<void> disk_files::remove(std::string_view key) {
  if (const auto valid = validate_key(key); !valid) return valid.error();
  std::string_view path = key;
  for (int flags = 0; !path.empty(); flags = AT_REMOVEDIR) {
    const auto parent = open_parent(objects_, path, false);
    if (!parent) {
      if (parent.error().kind == error_kind::not_found) return {};
      return parent.error();
    }
    if (::unlinkat(parent->get(), std::string(last_name(path)).c_str(), flags) != 0) {
      if (flags == AT_REMOVEDIR || errno == ENOENT || errno == EISDIR) return {};
      return file_error("remove", key, errno);
    }
    if (flags == 0)
      if (const auto kept = sync(*parent); !kept) return kept.error();
    const std::size_t slash = path.rfind('/');
    path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  }
  return {};
}

void disk_files::list_folder(const descriptor& folder, const std::string& above, std::string_view prefix,
                             std::string_view after, std::size_t max, object_page& into) const {
  for (const folder_entry& one : entries_of(folder)) {
    if (into.more) return;
    const std::string path = above + one.name;
    const std::string_view begins = std::string_view(path).substr(0, prefix.size());
    if (one.folder ? !prefix.starts_with(begins) : begins != prefix) continue;
    if (one.folder) {
      if (path < after && !after.starts_with(path)) continue;
      const descriptor below(::openat(folder.get(), one.name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (below) list_folder(below, path, prefix, after, max, into);
      continue;
    }
    if (path <= after) continue;
    if (into.objects.size() == max) {
      into.more = true;
      return;
    }
    struct stat about{};
    if (::fstatat(folder.get(), one.name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) continue;
    const auto bytes = static_cast<std::uint64_t>(about.st_size);
    if (bytes < object_footer::bytes) continue;
    into.objects.push_back({path, bytes - object_footer::bytes, modified_of(about)});
  }
}

result<object_page> disk_files::list(std::string_view prefix, std::string_view after, std::size_t max) {
  if (const auto valid = validate_prefix(prefix); !valid) return valid.error();
  if (max == 0 || max > list_objects_max) return internal("a page of " + std::to_string(max) + " objects");
  object_page found;
  list_folder(objects_, "", prefix, after, max, found);
  return found;
}

result<upload_permission> disk_files::permit(const upload_rules& rules) {
  if (const auto valid = validate(rules); !valid) return valid.error();
  upload_permission made;
  made.expires_at = clock_.now() + rules.lifetime;
  made.method = "PUT";
  made.url = upload_url_ + seal_.seal(rules, made.expires_at);
  made.headers = {{"Content-Type", rules.content_type}};
  if (rules.sha256) made.headers.emplace_back(checksum_header, base64_of(*rules.sha256));
  return made;
}

/// Holds what comes to the rules that were sealed.
class upload_to_disk final : public disk_upload {
 public:
  upload_to_disk(const disk_files& bucket, upload_rules rules, unfinished_file file)
      : bucket_(bucket), rules_(std::move(rules)), file_(std::move(file)) {}

  result<void> write(std::string_view bytes) override {
    came_ += bytes.size();
    if (came_ > rules_.bytes_max) {
      error over;
      over.kind = error_kind::too_large;
      over.public_text = "At most " + std::to_string(rules_.bytes_max) + " bytes are permitted";
      return over;
    }
    digest_.add(bytes);
    return write_all(file_.file(), bytes);
  }

  result<object_info> finish() override {
    if (came_ < rules_.bytes_min)
      return invalid(
          {{"Content-Length", "too-short",
            "must be " + std::to_string(rules_.bytes_min) + " or more, and " + std::to_string(came_) + " came"}});
    const sha256_digest digest = digest_.digest();
    if (rules_.sha256 && *rules_.sha256 != digest)
      return invalid({{"x-amz-checksum-sha256", "checksum", "is not that of the bytes which came"}});
    const std::string footer = object_footer{rules_.content_type, digest}.text();
    if (const auto done = write_all(file_.file(), footer); !done) return done.error();
    struct stat about{};
    if (::fstat(file_.file().get(), &about) != 0) return file_error("look at", rules_.key, errno);
    if (const auto kept = file_.move_to(bucket_.objects(), rules_.key, true); !kept) return kept.error();
    return object_info{came_, rules_.content_type, to_hex(digest), modified_of(about)};
  }

 private:
  const disk_files& bucket_;
  const upload_rules rules_;
  unfinished_file file_;
  sha256_stream digest_;
  std::uint64_t came_ = 0;
};

result<std::unique_ptr<disk_upload>> disk_files::begin_upload(std::string_view token, const upload_headers& sent) {
  auto rules = seal_.open(token, clock_.now());
  if (!rules) return forbidden("This permission to upload is not valid, or not any more");
  if (sent.content_type != rules->content_type)
    return invalid({{"Content-Type", "not-permitted", "must be " + rules->content_type}});
  if (sent.content_length && (*sent.content_length < rules->bytes_min || *sent.content_length > rules->bytes_max))
    return invalid({{"Content-Length", "not-permitted",
                     "must be " + std::to_string(rules->bytes_min) +
                         (rules->bytes_min == rules->bytes_max ? "" : " to " + std::to_string(rules->bytes_max))}});
  if (rules->sha256 && sent.checksum != base64_of(*rules->sha256))
    return invalid({{std::string(checksum_header), "not-permitted", "must be " + base64_of(*rules->sha256)}});
  if (const auto there = find(rules->key); there) return key_taken();
  auto file = unfinished_file::make(unfinished_);
  if (!file) return file.error();
  if (sent.content_length)
    if (const auto space = file->reserve(*sent.content_length + object_footer::bytes); !space) return space.error();
  return std::make_unique<upload_to_disk>(*this, *std::move(rules), *std::move(file));
}

result<std::size_t> disk_files::sweep_unfinished(std::chrono::seconds older_than) {
  std::size_t removed = 0;
  for (const folder_entry& one : entries_of(unfinished_)) {
    struct stat about{};
    if (one.folder || ::fstatat(unfinished_.get(), one.name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (modified_of(about) + older_than > clock_.now()) continue;
    if (::unlinkat(unfinished_.get(), one.name.c_str(), 0) == 0) ++removed;
  }
  return removed;
}

result<descriptor> open_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return malformed("The folder " + folder.string() + " cannot be made: " + std::strerror(errno));
  descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!open) return malformed("The folder " + folder.string() + " cannot be opened: " + std::strerror(errno));
  return open;
}

}  // namespace

result<std::unique_ptr<disk_bucket>> open_disk_bucket(const disk_options& options, const clock& clock) {
  const auto root = open_folder(options.folder);
  if (!root) return root.error();
  auto objects = open_folder(options.folder / objects_name);
  if (!objects) return objects.error();
  auto unfinished = open_folder(options.folder / unfinished_name);
  if (!unfinished) return unfinished.error();
  if (::fsync(root->get()) != 0)
    return malformed("The folder " + options.folder.string() + " cannot be synced: " + std::strerror(errno));
  return std::make_unique<disk_files>(options, *std::move(objects), *std::move(unfinished), clock);
}

}  // namespace spaces::bucket
