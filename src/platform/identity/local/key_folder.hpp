/// The keys that an operator keeps (`spaces keys`): RSA keys in files of one folder, several side by side. A file is
/// "20261124T220000.000Z.KID.pem": the time is from when on it signs, so that verifiers elsewhere can learn of a key
/// before they meet its tokens. Names without milliseconds, which were made before, are read, too.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/identity/local/signing_keys.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::identity {

/// Its name in the data folder, unless another is named.
inline constexpr std::string_view key_folder_name = "keys";

struct kept_key {
  instant signs_from;
  std::shared_ptr<const signing_key> key;
  std::filesystem::path file;
};

/// All keys of the folder, the one that signs first from the latest time on first; none where there is no
/// folder. Files of other names are not looked at. Errors as of key_file.hpp: one bad file is an error, so that
/// no key goes missing unseen.
result<std::vector<kept_key>> read_key_folder(const std::filesystem::path& folder);

/// The keys, the one that signs at `now` first: the latest that may already, or else the next one that will.
std::vector<std::shared_ptr<const signing_key>> keys_at(const std::vector<kept_key>& kept, instant now);

/// Makes an RSA key of `rsa_bits_min` and its file, mode 0600, and the folder, mode 0700, where there is none. Of two
/// that would sign from the same time on, by one process or two, the later one signs: it is a millisecond behind.
result<kept_key> generate_kept_key(const std::filesystem::path& folder, instant signs_from);

/// Removes the key's file: what it signed ends. `not_found` when there is none of this name, `conflict` when it
/// is the only one.
result<void> retire_kept_key(const std::filesystem::path& folder, std::string_view kid);

/// Sees that a folder's keys changed, at the price of one stat(2).
class key_folder_watch {
 public:
  explicit key_folder_watch(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The keys when they may be others than at the last call, with the one first that signs at `now`; nothing
  /// otherwise. The first call always answers.
  result<std::optional<std::vector<std::shared_ptr<const signing_key>>>> changed(instant now);

 private:
  /// What changes when a file comes or goes.
  struct mark {
    std::int64_t seconds = -1;
    std::int64_t nanoseconds = -1;
    std::uint64_t inode = 0;
    friend bool operator==(const mark&, const mark&) = default;
  };
  mark look() const;

  std::filesystem::path folder_;
  std::optional<mark> seen_;
  std::vector<kept_key> kept_;
  std::string signing_;  // kid
};

}  // namespace spaces::identity
