/// The signing key that a deployment makes for itself when nobody gives it one.
#pragma once

#include "platform/identity/local/signing_keys.hpp"

#include <filesystem>

namespace spaces::identity {

/// Its name in the data folder: one line of text, mode 0600.
inline constexpr std::string_view key_file_name = "signing.key";

/// Reads the key from `folder`, or makes an HS256 one there first. Of several processes that begin
/// together, all come back with the same key; a crash leaves either no key file or a whole one. Its origin is
/// `generated`. A file that others may read, that is not ours, or is no plain file, is refused. Errors
/// are `malformed`; their public text is a sentence for the operator that names the file.
result<signing_key> load_or_create_key(const std::filesystem::path& folder);

}  // namespace spaces::identity
