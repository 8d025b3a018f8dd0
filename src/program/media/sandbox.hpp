/// What this process gives up before it sees a stranger's bytes: every path, every socket but its own, new programs,
/// code that it writes itself, and more memory than a picture may take.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace spaces::media {

/// Address space: libraries and threads' stacks take a third of it, a progressive JPEG of 50 megapixels another.
inline constexpr std::uint64_t memory_bytes_max = 1024ULL * 1024 * 1024;

/// Memory is bounded, nothing can be written to a disk, and others go first. Before libraries start.
void bound_resources();

/// Enters it, for good. What went wrong, or nothing; `landlock` is the kernel's version of it, 0 where there is none,
/// which is wrong only where it is required. No other thread may run yet: Landlock holds for the calling one and those
/// that it makes.
std::optional<std::string_view> enter_sandbox(bool require_landlock, std::uint32_t& landlock);

}  // namespace spaces::media
