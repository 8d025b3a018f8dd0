/// A photograph that somebody added to a listing: what was said of its original, and where its files are. What is shown
/// of it, and how far it is, stands in the listing (properties/listing_images.hpp), which is read in one. No I/O.
#pragma once

#include "marketplace/properties/listing_images.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/record/read.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spaces::images {

/// What is taken: what browsers and telephones send (picture::format).
enum class image_type : std::uint8_t { jpeg, png, webp, avif, heic };
inline constexpr std::string_view image_type_names[] = {"image/jpeg", "image/png", "image/webp", "image/avif",
                                                        "image/heic"};

}  // namespace spaces::images

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::images::image_type> =
    spaces::images::image_type_names;

namespace spaces::images {

struct image {
  uuid id;  ///< version 7: when it was announced
  uuid property_id;
  uuid user_id;  ///< whose the listing is
  std::optional<std::string> name;
  std::int64_t bytes = 0;
  std::string sha256;  ///< hexadecimal
  image_type type = image_type::jpeg;
  std::optional<std::string> alt;  ///< in the request alone: the listing has it
  instant created_at;

  // Kept from everybody.
  std::string salt;  ///< 16 random bytes, hexadecimal: what file names are made of beside the content
  std::optional<std::string> likeness;  ///< 64 bits, hexadecimal, once it is prepared

  record::item unknown;  ///< attributes of a newer version, kept through a rewrite

  static record::field_span fields();
  static constexpr std::string_view schema_name = "ImageFacts";
  static constexpr std::string_view create_name = "ImageCreate";
  static constexpr std::string_view entity_name = "Image";
};

/// IMAGE#id / DETAILS.
table::key key_of(const uuid& id);
std::optional<uuid> id_of(table::key_view key);

record::item to_item(const image& i);
/// Empty when an attribute does not fit its field: the item is damaged.
std::optional<image> to_image(record::item_view stored);

/// Where somebody's pictures are found, by date: IMAGES#userId, in GSI1. A row's card is the listing's id.
std::string owner_partition(const uuid& owner);
std::optional<uuid> listing_on(std::string_view card);

/// 16 random bytes, hexadecimal.
std::string fresh_salt();

/// Another recipe, other files: raised when the same original is made into others than before, since what stands at an
/// address may be kept for good.
inline constexpr std::string_view recipe = "1";

/// What its files' names begin with: nobody who does not know the salt can tell, and another content has another.
properties::image_name file_name_of(const image& i);

/// Where the original is: "originals/0f/LISTING/IMAGE", which is private.
inline constexpr std::string_view originals_folder = "originals/";
std::string original_key(const uuid& listing, const uuid& image);
std::string originals_prefix(const uuid& listing);
struct original_place {
  uuid listing;
  uuid image;
};
/// The listing and picture in such a key; empty for another one.
std::optional<original_place> read_original_key(std::string_view key);

}  // namespace spaces::images
