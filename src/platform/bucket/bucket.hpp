/// Files by keys: the one place where the marketplace keeps what is too large for the table. What stands here is what
/// S3 can do; the machine's own disk (bucket/disk) does the same, and one contract suite (bucket/contract_test.hpp)
/// holds both to it. Calls are synchronous, and end by the calling thread's deadline (base/deadline.hpp).
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/descriptor.hpp"
#include "platform/base/digest.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/limits.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::bucket {

struct object_info {
  std::uint64_t bytes = 0;
  std::string content_type;
  std::string etag;  ///< another one for another content; opaque, without quotes
  instant modified{};
};

/// Bytes from `first` to `last`, both counted from 0 and included; what lies behind the end is left out.
struct byte_range {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last = {};
};

struct object {
  object_info info;  ///< of the whole, whatever part was asked for
  std::string bytes;
};

/// An object as a file that can only be read, from its beginning: its first `info.bytes` bytes are the content. What
/// stands behind them is none of it (a disk's footer): the number goes along with the file.
struct opened_object {
  descriptor file;
  object_info info;
};

struct put_options {
  std::string content_type = "application/octet-stream";
  bool only_if_absent = false;  ///< `conflict` when the key has an object
};

struct listed_object {
  std::string key;
  std::uint64_t bytes = 0;
  instant modified{};
};

struct object_page {
  std::vector<listed_object> objects;  ///< in the byte order of their keys
  bool more = false;                   ///< there are others behind the last
};

/// What somebody else may upload: one object at one key, of one type and length, within minutes.
struct upload_rules {
  std::string key;
  std::string content_type;
  std::uint64_t bytes_min = 0;
  std::uint64_t bytes_max = 0;               ///< the same as `bytes_min`: exactly so many
  std::optional<sha256_digest> sha256 = {};  ///< of the content; demanded where the length is exact
  std::chrono::seconds lifetime{300};
};

using names_and_values = std::vector<std::pair<std::string, std::string>>;

/// How the client sends it: PUT with these headers and the bytes as body, or POST of a form (multipart/form-data) with
/// these fields in front of its last one, "file". Anyone who has it can use it; it is handed to one client by TLS.
struct upload_permission {
  std::string method;  ///< "PUT" or "POST"
  std::string url;
  names_and_values headers;
  names_and_values fields;  ///< of a form; empty for PUT
  instant expires_at{};
};

/// Errors: `not_found` (no such object, or no such bucket, which the private text says), `conflict` (a condition did
/// not hold, or the permission was used), `too_large`, `invalid` (a range behind the end), `storage_full`,
/// `unavailable` (also where credentials or rights lack: the private text says so, and an operator repairs it).
class object_store {
 public:
  object_store() = default;
  object_store(const object_store&) = delete;
  object_store& operator=(const object_store&) = delete;
  virtual ~object_store() = default;

  /// Durable, whole and in place of what was there before it returns.
  virtual result<void> put(std::string_view key, std::string_view bytes, const put_options& how) = 0;
  /// The whole must be within `object_bytes_max`, or a range within it must be asked for.
  virtual result<object> get(std::string_view key, const std::optional<byte_range>& part) = 0;
  /// The same as a file, for who reads a large one piece by piece or hands it to another process: nothing of it is in
  /// this process's memory. At most `opened_bytes_max`, else `too_large`.
  virtual result<opened_object> open(std::string_view key) = 0;
  virtual result<object_info> head(std::string_view key) = 0;
  /// Removing what is absent succeeds.
  virtual result<void> remove(std::string_view key) = 0;
  /// Objects whose keys begin with `prefix` and lie behind `after`; 1 to `list_objects_max`.
  virtual result<object_page> list(std::string_view prefix, std::string_view after, std::size_t max) = 0;

  /// An exact length gives a PUT that is good once (the key must have no object); bounds give what the store has for
  /// them: S3 a form, which is good until it expires.
  virtual result<upload_permission> permit(const upload_rules& rules) = 0;

  /// Whether it can be reached; never waits longer than a request may.
  virtual result<void> ping() = 0;
  /// "disk", "s3".
  virtual std::string_view engine() const = 0;
  /// For people: "the folder spaces-data/bucket", "the bucket pictures".
  virtual std::string place() const = 0;
};

/// Keys that begin so are for everybody who knows them: the disk's are served (bucket/serving), S3's by the bucket's
/// policy or a distribution in front. Nothing else in a bucket is, so their names are made not to be guessed.
inline constexpr std::string_view public_prefix = "media/";

/// Where everybody reads what stands at a public key: `base` (settings.hpp, media_url), and what of the key stands
/// behind the prefix.
std::string public_url(std::string_view base, std::string_view key);

/// `internal`, with what is wrong, for a key that no store takes: 1 to `key_bytes_max` bytes of letters, digits,
/// '.', '_' and '-', in segments of 1 to `segment_bytes_max` between slashes, none of them "." or "..". Every store
/// calls it first. A key cannot also be the beginning of another one's path ("a" beside "a/b").
result<void> validate_key(std::string_view key);

/// The same for what is permitted.
result<void> validate(const upload_rules& rules);

/// The same for a prefix: empty, or the beginning of a key.
result<void> validate_prefix(std::string_view prefix);

/// The error of `open` for an object of so many bytes.
error too_large_to_open(std::uint64_t bytes);

/// The part of `bytes` that a range names: offset and length; `invalid` when it lies behind the end.
result<std::pair<std::uint64_t, std::uint64_t>> cut(std::uint64_t bytes, const std::optional<byte_range>& part);

}  // namespace spaces::bucket
