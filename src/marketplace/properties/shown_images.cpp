// What answers show of pictures, written straight from the item's and the card's bytes, and how it is documented.
#include "marketplace/properties/image_bytes.hpp"
#include "marketplace/properties/listing_images.hpp"
#include "platform/base/base64.hpp"
#include "platform/record/json.hpp"
#include "platform/record/json_string.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace spaces::properties {

namespace {

using record::presentation;

/// As `source_type` has them.
constexpr std::string_view endings[] = {".jpg", ".webp", ".avif"};
/// The best for who takes it comes first, as in HTML's <picture>.
constexpr source_type by_worth[] = {source_type::avif, source_type::webp, source_type::jpeg};
/// Who wants one address is given a JPEG for the width of a page.
constexpr unsigned page_width = 1280;

char* put(char* at, std::string_view text) { return std::copy(text.begin(), text.end(), at); }

char* put(char* at, std::uint64_t number) { return std::to_chars(at, at + 20, number).ptr; }

char* put_text_or_null(char* at, std::string_view text) {
  return text.empty() ? put(at, "null") : record::write_json(at, text);
}

char* put_base64(char* at, std::string_view bytes) {
  if (bytes.empty()) return put(at, "null");
  *at++ = '"';
  at = write_base64(at, bytes);
  *at++ = '"';
  return at;
}

char* put_hex(char* at, std::string_view bytes) {
  for (const char byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    *at++ = digits[static_cast<std::uint8_t>(byte) >> 4];
    *at++ = digits[static_cast<std::uint8_t>(byte) & 15];
  }
  return at;
}

/// What stands before the width in an address: what of the key is behind `media_folder`, behind the base, which needs
/// no escapes in JSON.
char* put_address(char* at, std::string_view name, const presentation& how) {
  constexpr std::size_t shard_size = 2;  // as `media_key` has it
  at = put(at, how.link_base);
  at = put(at, how.id.substr(how.id.size() - std::min(shard_size, how.id.size())));
  *at++ = '/';
  at = put(at, how.id);
  *at++ = '/';
  at = put_hex(at, name);
  *at++ = '-';
  return at;
}

std::size_t address_bytes(const presentation& how) {
  return how.link_base.size() + how.id.size() + 2 * sizeof(image_name) + 40;
}

char* put_file(char* at, std::string_view name, const image_source& file, const presentation& how) {
  *at++ = '"';
  at = put_address(at, name, how);
  at = put(at, file.width);
  at = put(at, endings[static_cast<std::size_t>(file.type)]);
  *at++ = '"';
  return at;
}

char* put_source(char* at, std::string_view name, const image_source& file, const presentation& how) {
  at = put(at, R"({"type":")");
  at = put(at, record::to_name(file.type));
  at = put(put(at, R"(","width":)"), file.width);
  at = put(put(at, R"(,"height":)"), file.height);
  at = put(put(at, R"(,"bytes":)"), file.bytes);
  at = put_file(put(at, R"(,"url":)"), name, file, how);
  return put(at, "}");
}

/// What a source takes beside its address.
constexpr std::size_t source_bytes = 120;
/// The least that one takes in the item.
constexpr std::size_t packed_source_bytes = 4;

char* put_sources(char* at, const image_view& seen, const presentation& how) {
  *at++ = '[';
  bool first = true;
  for (const source_type type : by_worth) {
    std::string_view rest = seen.sources;
    while (const auto file = next_source(rest)) {
      if (file->type != type) continue;
      if (!first) *at++ = ',';
      first = false;
      at = put_source(at, seen.name, *file, how);
    }
  }
  *at++ = ']';
  return at;
}

/// The largest JPEG up to a page's width, or the smallest there is.
std::optional<image_source> page_file(const image_view& seen) {
  std::optional<image_source> best;
  std::string_view rest = seen.sources;
  while (const auto file = next_source(rest)) {
    if (file->type != source_type::jpeg) continue;
    const bool better = !best || (file->width <= page_width ? best->width > page_width || file->width > best->width
                                                            : file->width < best->width);
    if (better) best = file;
  }
  return best;
}

char* put_url(char* at, const image_view& seen, const presentation& how) {
  if (seen.status != image_status::ready) return put_text_or_null(at, seen.url);
  const auto file = page_file(seen);
  return file ? put_file(at, seen.name, *file, how) : put(at, "null");
}

bool is_shown(image_status status, const presentation& how) {
  return status == image_status::ready || status == image_status::outside || how.to_owner;
}

char* write_image(char* at, std::string_view packed, const presentation& how) {
  const auto seen = image_view::read(packed);
  if (!seen || !is_shown(seen->status, how)) return nullptr;
  uuid id;
  std::copy_n(seen->id.begin(), id.bytes.size(), id.bytes.begin());
  at = put(at, R"({"id":")");
  write_uuid(id, at);
  at = put(at + uuid_text_size, R"(","status":")");
  at = put(at, record::to_name(seen->status));
  at = put_text_or_null(put(at, R"(","reason":)"), seen->reason);
  const bool ready = seen->status == image_status::ready;
  at = put(at, R"(,"width":)");
  at = ready ? put(at, seen->width) : put(at, "null");
  at = put(at, R"(,"height":)");
  at = ready ? put(at, seen->height) : put(at, "null");
  at = put_text_or_null(put(at, R"(,"alt":)"), seen->alt);
  at = put_base64(put(at, R"(,"placeholder":)"), seen->placeholder);
  at = put_url(put(at, R"(,"url":)"), *seen, how);
  at = put_sources(put(at, R"(,"sources":)"), *seen, how);
  return put(at, "}");
}

std::size_t image_bytes_max(std::string_view packed, const presentation& how) {
  constexpr std::size_t names_and_numbers = 400;
  const auto seen = image_view::read(packed);
  if (!seen) return names_and_numbers;
  const std::size_t texts = record::json_bytes_max(seen->alt) + record::json_bytes_max(seen->reason) +
                            record::json_bytes_max(seen->url) + 2 * seen->placeholder.size();
  const std::size_t sources = seen->sources.size() / packed_source_bytes + 1;  // and the one address
  return names_and_numbers + texts + sources * (source_bytes + address_bytes(how));
}

/// Ids and alternative texts, which are what people set; what a picture has become meanwhile is no difference.
bool repeat_images(void* member, const record::json_value& shown) {
  if (shown.kind != record::json_kind::array) return false;
  std::vector<listing_image> said;
  for (const record::json_value& each : shown.elements) {
    const record::json_value* const id = each.find("id");
    const record::json_value* const alt = each.find("alt");
    const auto read = id ? parse_uuid(id->text) : std::nullopt;
    if (!read) return false;
    listing_image image;
    image.id = *read;
    if (alt) image.alt = alt->text;
    said.push_back(std::move(image));
  }
  static_cast<image_list*>(member)->set(said, images_change::by_owner, 1);
  return true;
}

bool same_images(const void* one, const void* other) {
  const std::vector<listing_image> first = static_cast<const image_list*>(one)->images();
  const std::vector<listing_image> second = static_cast<const image_list*>(other)->images();
  return std::ranges::equal(
      first, second, [](const listing_image& a, const listing_image& b) { return a.id == b.id && a.alt == b.alt; });
}

// ---- The cover

/// name, widths, width and height, then the placeholder.
char* write_cover(char* at, std::string_view packed, const presentation& how) {
  image_reader in(packed);
  const std::string_view name = in.bytes(sizeof(image_name));
  const std::uint8_t widths = in.byte();
  const unsigned width = in.small_number();
  const unsigned height = in.small_number();
  if (!in.good()) return nullptr;
  at = put(put(at, R"({"width":)"), width);
  at = put(put(at, R"(,"height":)"), height);
  at = put_base64(put(at, R"(,"placeholder":)"), in.rest());
  at = put_address(put(at, R"(,"url":")"), name, how);
  at = put(at, R"({width}.{type}","widths":[)");
  char before = '[';
  for (std::size_t i = 0; i <= image_widths.size(); ++i) {
    if ((widths >> i & 1) == 0) continue;
    if (before == ',') *at++ = before;
    before = ',';
    at = put(at, i < image_widths.size() ? image_widths[i] : width);
  }
  return put(at, R"(],"types":["webp","jpg"]})");
}

std::size_t cover_bytes_max(std::string_view packed, const presentation& how) {
  constexpr std::size_t names_and_numbers = 200;
  return names_and_numbers + 2 * packed.size() + address_bytes(how);
}

}  // namespace

void append_image(std::string& out, const uuid& listing, const listing_image& image, std::string_view link_base) {
  const std::string id = to_text(listing);
  const std::string packed = packed_image(image);
  const presentation how{link_base, true, id};
  std::string json(image_bytes_max(packed, how), '\0');
  if (const char* const end = write_image(json.data(), packed, how))
    out.append(json.data(), static_cast<std::size_t>(end - json.data()));
}

constinit const record::packed_form image_list_form{&shown_image_fields, true,           &write_image,
                                                    &image_bytes_max,    &repeat_images, &same_images};
constinit const record::packed_form listing_cover_form{&shown_cover_fields, false, &write_cover, &cover_bytes_max};

}  // namespace spaces::properties
