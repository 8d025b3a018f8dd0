/// What stands behind an object's content in its file: its type and checksum, which so cannot get lost from it, and
/// the content can still be sent as it lies there.
#pragma once

#include "platform/base/digest.hpp"
#include "platform/bucket/limits.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::bucket {

struct object_footer {
  std::string content_type;
  sha256_digest sha256{};

  /// Of every footer.
  static constexpr std::size_t bytes = content_type_bytes_max + 1 + 32 + 8;

  /// The type, NULs up to `content_type_bytes_max` and one, the checksum, "SPACESO1".
  std::string text() const;
  /// Empty for what is none.
  static std::optional<object_footer> read(std::string_view text);
};

}  // namespace spaces::bucket
