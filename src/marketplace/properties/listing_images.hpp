/// The pictures of a listing: how they lie in its item and on its card, and what answers show of them. How they come in
/// and are prepared is another feature's (marketplace/images); the listing has what is shown, so that it is read in
/// one.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/expected_version.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::properties {

/// Awaiting: to be uploaded. Outside: an address elsewhere, of an import. Strangers see what is ready or outside.
enum class image_status : std::uint8_t { awaiting, preparing, ready, refused, outside };
inline constexpr std::string_view image_status_names[] = {"awaiting", "preparing", "ready", "refused", "outside"};

enum class source_type : std::uint8_t { jpeg, webp, avif };
inline constexpr std::string_view source_type_names[] = {"image/jpeg", "image/webp", "image/avif"};

}  // namespace spaces::properties

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::properties::image_status> =
    spaces::properties::image_status_names;
template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::properties::source_type> =
    spaces::properties::source_type_names;

namespace spaces::properties {

/// Portals show thirty or forty; more is an album, and a listing that is read for more than a unit or two.
inline constexpr std::size_t images_max = 50;
/// Of a sentence for who cannot see it (WCAG 2.2, 1.1.1): a long one.
inline constexpr std::size_t alt_max = 300;
/// Of an outside picture's address: the longest that data sets have, doubled.
inline constexpr std::size_t image_url_max = 500;
/// Of the sentence that says why a picture was refused.
inline constexpr std::size_t image_reason_max = 200;
/// A ThumbHash has 24 bytes at most, with transparency a few more.
inline constexpr std::size_t placeholder_bytes_max = 64;
/// The widths that pictures are prepared in, and their own where it is none of these.
inline constexpr std::array<unsigned, 4> image_widths{320, 640, 1280, 2048};

/// One file that a picture was made into.
struct image_source {
  source_type type = source_type::jpeg;
  unsigned width = 0;
  unsigned height = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const image_source&, const image_source&) = default;
};

/// What the names of a picture's files begin with: a digest of its content and of random bytes, so that it is another
/// one for another content, and cannot be guessed.
using image_name = std::array<std::uint8_t, 16>;

struct listing_image {
  uuid id;
  image_status status = image_status::awaiting;
  std::string alt;     ///< empty: none
  std::string reason;  ///< of a refused one, for people
  std::string url;     ///< of an outside one
  // Of a ready one:
  image_name name{};
  unsigned width = 0;  ///< of the original, turned the right way up
  unsigned height = 0;
  std::string placeholder;  ///< ThumbHash, raw
  std::vector<image_source> sources;

  friend bool operator==(const listing_image&, const listing_image&) = default;
};

/// The key of a picture's file in the bucket, "media/0f/LISTING/NAME-640.webp"; its address has what is behind
/// "media/". The two characters are the listing's last, so that no folder has a million others in it.
std::string media_key(const uuid& listing, const image_name& name, source_type type, unsigned width);
/// What the keys of a listing's files begin with, and of one picture's.
std::string media_prefix(const uuid& listing);
/// The same for any folder: "FOLDER/0f/LISTING/".
std::string listing_prefix(std::string_view folder, const uuid& listing);
/// What is behind a listing's prefix in a key of that folder, and the listing; empty for another key.
std::optional<std::pair<uuid, std::string_view>> below_listing(std::string_view folder, std::string_view key);
std::string media_prefix(const uuid& listing, const image_name& name);
/// Of all: what the bucket shows to everybody (bucket::public_prefix).
inline constexpr std::string_view media_folder = "media/";
/// The listing and the name in such a key; empty for another key.
struct media_place {
  uuid listing;
  image_name name;
};
std::optional<media_place> read_media_key(std::string_view key);

/// The job that fetches a listing's outside pictures and prepares them: asked for by an import, with the attribute
/// propertyId, and done by what prepares pictures.
inline constexpr std::string_view fetch_images_job = "fetch-images";

/// One that is elsewhere; its id is made of listing and address, so that it is the same one whenever it is named.
listing_image outside_image(const uuid& listing, std::string url, std::string alt);

/// Who changed a listing's pictures: their owner, who adds, orders, describes and removes them; their preparing; or
/// what changes other fields with them.
enum class images_change : std::uint8_t { by_owner, by_progress, with_others };

/// As it lies in the item.
std::string packed_image(const listing_image& image);

/// In the order in which they are shown, the cover first.
class image_list {
 public:
  /// Those that can be read.
  std::vector<listing_image> images() const;
  bool empty() const;

  /// In place of what was there, by a change that made version `version` of the listing of the one before.
  void set(std::span<const listing_image> images, images_change how, std::int64_t version);

  /// What If-Match may name to change the listing's own fields, or its pictures' order: the version that it has, and
  /// those since which only the others were changed. So preparing a picture refuses nobody's edit.
  bool admits_edit(const expected_version& expected, std::int64_t version) const;
  bool admits_arranging(const expected_version& expected, std::int64_t version) const;

  // ---- As record/field.hpp asks of a packed type.
  std::string_view packed() const { return bytes_; }
  bool unpack(const record::value& stored);

 private:
  /// Kept in front of the pictures.
  struct history {
    std::int64_t quiet_from = 0;  ///< the version before the changes of pictures alone that led to `quiet_to`
    std::int64_t quiet_to = 0;
    std::int64_t arranged = 0;  ///< the version of the last change by the owner
  };
  history past() const;

  std::string bytes_;
};

/// The first ready picture, as cards have it: name, size, widths and placeholder.
class listing_cover {
 public:
  /// Empty where no picture is ready.
  static std::optional<listing_cover> of(const image_list& images);

  std::string_view packed() const { return bytes_; }
  bool unpack(const record::value& stored);

 private:
  std::string bytes_;
};

/// Appends a picture as answers show it to its owner; addresses begin with `link_base`.
void append_image(std::string& out, const uuid& listing, const listing_image& image, std::string_view link_base);

/// As answers show a picture and a cover: for the documentation.
record::field_span shown_image_fields();
record::field_span shown_cover_fields();

extern const record::packed_form image_list_form;
extern const record::packed_form listing_cover_form;

}  // namespace spaces::properties

template <>
inline constexpr const spaces::record::packed_form* spaces::record::packed_form_of<spaces::properties::image_list> =
    &spaces::properties::image_list_form;
template <>
inline constexpr const spaces::record::packed_form* spaces::record::packed_form_of<spaces::properties::listing_cover> =
    &spaces::properties::listing_cover_form;
