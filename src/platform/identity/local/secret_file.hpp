/// Files that hold a secret: one writer makes each whole, mode 0600, and nobody else may read it.
#pragma once

#include "platform/base/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::identity {

/// The text of the file; empty when there is no file. A file that others may read, that is not ours, that is
/// no plain file or has more than `key_text_bytes_max` is refused. Errors are `malformed`; their public text
/// is a sentence for the operator that names the file.
result<std::optional<std::string>> read_secret_file(const std::filesystem::path& file);

/// Writes the text whole and durable under a name of its own, then gives it the file's name unless there is
/// one of this name: that one stays. A crash leaves either no file or a whole one.
result<void> write_secret_file(const std::filesystem::path& file, std::string_view text);

/// "Cannot WHAT the signing key FILE: WHY"
error key_file_error(std::string_view what, const std::filesystem::path& file, std::string_view why);

}  // namespace spaces::identity
