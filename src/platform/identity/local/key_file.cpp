#include "platform/identity/local/key_file.hpp"

#include "platform/identity/local/secret_file.hpp"

#include <optional>
#include <utility>

namespace spaces::identity {

namespace {

/// Makers of a key try to put their own in place, and read the winner's when they lose. Only somebody
/// who removes the file again and again makes it take more turns.
constexpr int turns_max = 10;

}  // namespace

result<signing_key> load_or_create_key(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / key_file_name;
  for (int turn = 0; turn < turns_max; ++turn) {
    const result<std::optional<std::string>> text = read_secret_file(file);
    if (!text) return text.error();
    if (*text) {
      result<signing_key> key = signing_key::from_text(**text, key_origin::generated);
      if (!key) return key_file_error("use", file, key.error().public_text);
      return key;
    }
    const result<void> made = write_secret_file(file, generate_key_text() + "\n");
    if (!made) return made.error();
  }
  return key_file_error("keep", file, "it disappears again and again");
}

}  // namespace spaces::identity
