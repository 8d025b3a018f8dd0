/// Where pictures are kept, and by which URLs everybody sees those that are public.
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/setting.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::bucket {

enum class store_kind : std::uint8_t {
  unset,  ///< a folder beside the embedded store; none with a table elsewhere, whose processes share no disk
  disk,   ///< a folder of this machine
  s3,
};

/// How a URL names a bucket of S3. AWS wants the host, which a name with dots has no certificate for; an endpoint of
/// another service usually knows the path alone.
enum class addressing : std::uint8_t {
  automatic,  ///< by host at AWS's own endpoints, where the name has no dot; else by path
  path,       ///< https://endpoint/bucket/key
  host,       ///< https://bucket.endpoint/key
};

/// How S3 encrypts what lies there.
enum class encryption : std::uint8_t {
  bucket_default,  ///< as the bucket is set, which is AES-256 unless changed
  aes256,          ///< keys that S3 owns
  kms,             ///< a key of AWS KMS: the account's own for S3, or a named one
};

struct settings {
  store_kind kind = store_kind::unset;
  std::string name;  ///< of a bucket of S3; of a disk its folder, empty: "bucket" in the data folder
  addressing how = addressing::automatic;
  encryption encrypted = encryption::bucket_default;
  std::string kms_key;    ///< id or ARN
  std::string media_url;  ///< without a slash at its end; empty: the server's own /media, or the bucket's
};

/// What S3 takes as a bucket's name: 3 to 63 small letters, digits, hyphens and dots, a letter or digit at both ends.
inline bool is_bucket_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return text.size() >= 3 && text.size() <= 63 && plain(text.front()) && plain(text.back()) &&
         text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [&](char c) { return plain(c) || c == '-' || c == '.'; });
}

/// A bucket as people name it.
struct named_place {
  store_kind kind = store_kind::unset;
  std::string name;
};

/// "disk:DIR" or "s3:BUCKET"; empty for what is neither.
inline std::optional<named_place> parse_place(std::string_view text) {
  constexpr std::string_view on_disk = "disk:", in_s3 = "s3:";
  if (text.starts_with(on_disk) && text.size() > on_disk.size())
    return named_place{store_kind::disk, std::string(text.substr(on_disk.size()))};
  if (text.starts_with(in_s3) && is_bucket_name(text.substr(in_s3.size())))
    return named_place{store_kind::s3, std::string(text.substr(in_s3.size()))};
  return std::nullopt;
}

inline bool read_bucket(settings& into, std::string_view text) {
  const auto place = text == "disk" ? named_place{store_kind::disk, {}} : parse_place(text);
  if (!place) return false;
  into.kind = place->kind;
  into.name = place->name;
  return true;
}

/// "kms:KEY" names the key, too.
inline bool read_encryption(settings& into, std::string_view text) {
  constexpr std::string_view by_key = "kms:";
  into.kms_key.clear();
  if (text.starts_with(by_key)) {
    into.kms_key = text.substr(by_key.size());
    into.encrypted = encryption::kms;
    return !into.kms_key.empty();
  }
  return setting_value::read_choice(into.encrypted, text, {"bucket", "aes256", "kms"});
}

inline bool read_media_url(settings& into, std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  into.media_url = text;
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  return web && !text.ends_with(':') && text.find_first_of(" \"<>#?") == std::string_view::npos;
}

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_BUCKET", "--bucket", "", "disk, disk:DIR, s3:BUCKET",
     "Where pictures are: disk is the folder bucket in the data folder, which is the default beside the embedded "
     "store; a bucket of S3 is found as AWS's tools find it",
     false, read_bucket},
    {"SPACES_S3_ENCRYPTION", "--s3-encryption", "bucket", "bucket, aes256, kms, kms:KEY",
     "With --bucket s3:BUCKET: how S3 encrypts what is put there; bucket is as the bucket itself is set", false,
     read_encryption},
    {"SPACES_S3_ADDRESSING", "--s3-addressing", "automatic", "automatic, path, host",
     "With --bucket s3:BUCKET: whether URLs have the bucket in their path or in their host", false,
     [](settings& into, std::string_view text) {
       return setting_value::read_choice(into.how, text, {"automatic", "path", "host"});
     }},
    {"SPACES_MEDIA_URL", "--media-url", "", "http:// or https:// and a host",
     "What the URLs of public pictures begin with, such as a distribution's; unless given /media of SPACES_PUBLIC_URL, "
     "or of the bucket in S3",
     false, read_media_url},
};

}  // namespace spaces::bucket
