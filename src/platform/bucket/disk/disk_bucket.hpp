/// Objects as files below a folder of this machine. A key is a path; a file is the content, then a footer with its
/// type and checksum, so that both come and go with it. Written beside and renamed, synced with its folder, 0600;
/// links are never followed.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/descriptor.hpp"
#include "platform/base/digest.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/bucket/disk/permission.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::bucket {

struct disk_options {
  std::filesystem::path folder;   ///< made, mode 0700, where there is none
  std::string upload_url;         ///< what a permission's token is put behind: "https://example.com/uploads/"
  std::string permission_secret;  ///< what permissions are sealed with; the store's
};

/// An object that is being written. Discarded, unless it is finished.
class disk_upload {
 public:
  disk_upload(const disk_upload&) = delete;
  disk_upload& operator=(const disk_upload&) = delete;
  virtual ~disk_upload() = default;

  /// `too_large` over what is permitted; `storage_full`.
  virtual result<void> write(std::string_view bytes) = 0;
  /// Durable and in its place. `invalid` where fewer bytes came than are permitted, or others than the checksum
  /// says; `conflict` where the key has an object meanwhile.
  virtual result<object_info> finish() = 0;

 protected:
  disk_upload() = default;
};

/// What an upload's request says of itself.
struct upload_headers {
  std::optional<std::uint64_t> content_length;
  std::string content_type;
  std::string checksum;  ///< of `checksum_header`, where the permission has one
};

/// SHA-256 in base64, as S3 calls it: one client serves both.
inline constexpr std::string_view checksum_header = "x-amz-checksum-sha256";

class disk_bucket : public object_store {
 public:
  /// Takes an upload for which `permit` gave the token. `forbidden` where the token is not ours or has expired,
  /// `conflict` where the key has an object, `invalid` where type, length or checksum are not those permitted,
  /// `storage_full` where there is no space for so many bytes.
  virtual result<std::unique_ptr<disk_upload>> begin_upload(std::string_view token, const upload_headers& sent) = 0;

  /// Removes what uploads that never finished have left, when it is older.
  virtual result<std::size_t> sweep_unfinished(std::chrono::seconds older_than) = 0;
};

/// An error's public text is a sentence for the operator.
result<std::unique_ptr<disk_bucket>> open_disk_bucket(const disk_options& options, const clock& clock);

}  // namespace spaces::bucket
