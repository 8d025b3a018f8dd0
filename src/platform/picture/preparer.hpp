/// Pictures that strangers send, made into files that browsers can be given: checked, turned the right way up, in sRGB,
/// in the usual widths, and without anything that the camera knew (place, device, owner). What reads a stranger's bytes
/// is a process of its own in a sandbox (picture/worker_pool.hpp); here is what its user sees.
#pragma once

#include "platform/base/descriptor.hpp"
#include "platform/base/error.hpp"
#include "platform/picture/limits.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::picture {

enum class stage : std::uint8_t {
  /// JPEG and WebP of the sizes that `sizes_of` (picture/sizes.hpp) says, placeholder and likeness.
  first,
  /// AVIF of the same sizes, up to `avif_width_max` wide. Takes as long again, and saves half of the bytes.
  avif,
};

struct file {
  std::string content_type;  ///< "image/jpeg", "image/webp" or "image/avif"
  unsigned width = 0;
  unsigned height = 0;
  std::string bytes;
};

struct prepared {
  unsigned width = 0;  ///< of the original, turned the right way up
  unsigned height = 0;
  std::string placeholder;     ///< ThumbHash, raw bytes; empty in stage `avif`
  std::uint64_t likeness = 0;  ///< see picture/likeness.hpp; 0 in stage `avif`, and where a picture has no forms
  std::vector<file> files;     ///< by type, then from narrow to wide
};

class preparer {
 public:
  preparer() = default;
  preparer(const preparer&) = delete;
  preparer& operator=(const preparer&) = delete;
  virtual ~preparer() = default;

  /// Waits: for a worker, then for its work (0.5 to 2 s for a telephone's photograph, 2 minutes at most). Thread-safe.
  /// `original` is read from its beginning, `bytes` of it, and must be open for reading alone or sealed
  /// (`sealed_memory`); it stays open. Errors:
  /// - `invalid`: the picture itself is refused, now and whenever it is tried again. The public text is a sentence for
  ///   its sender, `problems[0].code` one of "not-a-picture", "format", "bytes", "side", "pixels", "damaged" and
  ///   "too-slow". See `is_refused`.
  /// - `unavailable`: not the picture's fault (no worker could be started, it was killed from outside, all were busy
  ///   for too long); try again later. The private text says what.
  virtual result<prepared> prepare(int original, std::uint64_t bytes, stage what) = 0;
};

/// Whether the error of `prepare` is final, and for the person; all others are worth another try.
inline bool is_refused(const error& failure) { return failure.kind == error_kind::invalid; }

/// A file in memory with these bytes, which nobody can change any more: an original that came from elsewhere than the
/// disk. `unavailable` where there is no memory.
result<descriptor> sealed_memory(std::string_view bytes);

}  // namespace spaces::picture
