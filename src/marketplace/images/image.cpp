#include "marketplace/images/image.hpp"

#include "marketplace/images/limits.hpp"
#include "platform/base/digest.hpp"
#include "platform/picture/limits.hpp"
#include "platform/record/write.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace spaces::images {

namespace {

using namespace record;

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

constexpr text_form sha256_form{.pattern = "^[0-9a-f]{64}$",
                                .fits = is_sha256,
                                .code = "not-a-sha256",
                                .detail = "must be 64 small hexadecimal digits"};

constexpr field image_fields[] = {
    of<&image::id>("id", fixed, {}),
    of<&image::property_id>("propertyId", fixed, {}),
    of<&image::user_id>("userId", fixed, {}),
    of<&image::name>("name", fixed | on_create,
                     {.length_min = 1,
                      .length_max = file_name_max,
                      .doc = "The file's, for yourself: it is shown to nobody else",
                      .example = "\"IMG_2041.jpg\""}),
    of<&image::bytes>("bytes", fixed | on_create,
                      {.min = decimal{1, 0},
                       .max = decimal{static_cast<std::int64_t>(picture::file_bytes_max), 0},
                       .required = true,
                       .doc = "Exactly so many are taken",
                       .example = "3481927"}),
    of<&image::sha256>("sha256", fixed | on_create,
                       {.length_min = 64,
                        .length_max = 64,
                        .required = true,
                        .opaque = true,
                        .form = &sha256_form,
                        .doc = "Of the file, hexadecimal: no other content is taken",
                        .example = "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""}),
    of<&image::type>("type", fixed | on_create,
                     {.required = true, .doc = "What the file is", .example = "\"image/jpeg\""}),
    of<&image::alt>("alt", on_create,
                    {.length_min = 1,
                     .length_max = properties::alt_max,
                     .doc = "What is to be seen, for who cannot see it",
                     .example = "\"The kitchen, with a window to the garden\""}),
    of<&image::created_at>("createdAt", fixed, {.stored_as = table::name::created_at}),
    of<&image::salt>("salt", on_store, {}),
    of<&image::likeness>("likeness", on_store, {}),
};

constexpr std::string_view key_prefix = "IMAGE#";

std::string_view bytes_of(const uuid& id) { return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}; }

}  // namespace

field_span image::fields() { return image_fields; }

table::key key_of(const uuid& id) { return {std::string(key_prefix) + to_text(id), "DETAILS"}; }

std::optional<uuid> id_of(table::key_view key) {
  return key.pk.starts_with(key_prefix) ? parse_uuid(key.pk.substr(key_prefix.size())) : std::nullopt;
}

item to_item(const image& i) {
  item made;
  made.append(table::name::entity_type, value::of(image::entity_name));
  append_attributes(made, image::fields(), &i);
  std::string by_date;
  append_instant(by_date, i.created_at);
  table::append_index(made, table::index::gsi1, owner_partition(i.user_id), by_date + '#' + to_text(i.id));
  made.append(table::name::card, value::of_bytes(bytes_of(i.property_id)));
  for (const attribute& a : i.unknown.view()) made.append(a.name, a.value);
  return made;
}

std::optional<image> to_image(item_view stored) {
  image i;
  item others;
  if (!read_attributes(stored, image::fields(), &i, &others)) return std::nullopt;
  for (const attribute& a : others.view())
    if (!table::is_table_name(a.name)) i.unknown.append(a.name, a.value);
  return i;
}

std::string owner_partition(const uuid& owner) { return "IMAGES#" + to_text(owner); }

std::optional<uuid> listing_on(std::string_view card) {
  uuid id;
  if (card.size() != id.bytes.size()) return std::nullopt;
  std::copy_n(card.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

std::string fresh_salt() {
  std::array<std::uint8_t, 16> bytes{};
  fill_random(bytes);
  return to_hex(bytes);
}

properties::image_name file_name_of(const image& i) {
  const sha256_digest digest = spaces::sha256(i.salt + '\n' + i.sha256 + '\n' + std::string(recipe));
  properties::image_name name;
  std::copy_n(digest.begin(), name.size(), name.begin());
  return name;
}

std::string originals_prefix(const uuid& listing) { return properties::listing_prefix(originals_folder, listing); }

std::string original_key(const uuid& listing, const uuid& image) { return originals_prefix(listing) + to_text(image); }

std::optional<original_place> read_original_key(std::string_view key) {
  const auto below = properties::below_listing(originals_folder, key);
  const auto image = below ? parse_uuid(below->second) : std::nullopt;
  if (!image || to_text(*image) != below->second) return std::nullopt;
  return original_place{below->first, *image};
}

}  // namespace spaces::images
