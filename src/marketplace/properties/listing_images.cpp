#include "marketplace/properties/listing_images.hpp"

#include "marketplace/properties/image_bytes.hpp"
#include "platform/base/digest.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace spaces::properties {

namespace {

/// Characters of the folder that listings are in: 256 of them.
constexpr std::size_t shard_size = 2;
constexpr std::string_view extensions[] = {"jpg", "webp", "avif"};

void append_sized(std::string& out, std::string_view text) {
  record::append_varint(out, text.size());
  out += text;
}

template <class Bytes>
std::string_view view_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class Bytes>
Bytes bytes_of(std::string_view text) {
  Bytes made{};
  std::copy_n(text.begin(), std::min(text.size(), made.size()), made.begin());
  return made;
}

listing_image image_of(const image_view& seen) {
  listing_image made;
  made.id.bytes = bytes_of<decltype(made.id.bytes)>(seen.id);
  made.status = seen.status;
  made.alt = seen.alt;
  made.reason = seen.reason;
  made.url = seen.url;
  made.name = bytes_of<image_name>(seen.name);
  made.width = seen.width;
  made.height = seen.height;
  made.placeholder = seen.placeholder;
  std::string_view rest = seen.sources;
  while (const auto source = next_source(rest)) made.sources.push_back(*source);
  return made;
}

bool is_history(std::string_view element) {
  return !element.empty() && static_cast<std::uint8_t>(element.front()) == history_mark;
}

std::optional<image_name> name_of(std::string_view hex) {
  image_name name{};
  if (hex.size() != 2 * name.size()) return std::nullopt;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char* const at = hex.data() + 2 * i;
    const auto [end, failure] = std::from_chars(at, at + 2, name[i], 16);
    if (failure != std::errc{} || end != at + 2) return std::nullopt;
  }
  return name;
}

}  // namespace

std::string packed_image(const listing_image& image) {
  std::string out;
  out += static_cast<char>(image.status);
  out += view_of(image.id.bytes);
  append_sized(out, image.alt);
  if (image.status == image_status::refused) append_sized(out, image.reason);
  if (image.status == image_status::outside) append_sized(out, image.url);
  if (image.status != image_status::ready) return out;
  out += view_of(image.name);
  record::append_varint(out, image.width);
  record::append_varint(out, image.height);
  append_sized(out, image.placeholder);
  for (const image_source& each : image.sources) {
    out += static_cast<char>(each.type);
    record::append_varint(out, each.width);
    record::append_varint(out, each.height);
    record::append_varint(out, each.bytes);
  }
  return out;
}

std::optional<image_view> image_view::read(std::string_view packed) {
  if (is_history(packed)) return std::nullopt;
  image_reader in(packed);
  image_view seen;
  const std::uint8_t status = in.byte();
  if (status > static_cast<std::uint8_t>(image_status::outside)) return std::nullopt;
  seen.status = static_cast<image_status>(status);
  seen.id = in.bytes(sizeof(uuid::bytes));
  seen.alt = in.text();
  if (seen.status == image_status::refused) seen.reason = in.text();
  if (seen.status == image_status::outside) seen.url = in.text();
  if (seen.status == image_status::ready) {
    seen.name = in.bytes(sizeof(image_name));
    seen.width = in.small_number();
    seen.height = in.small_number();
    seen.placeholder = in.text();
    seen.sources = in.rest();
  }
  return in.good() ? std::optional(seen) : std::nullopt;
}

std::optional<image_source> next_source(std::string_view& sources) {
  if (sources.empty()) return std::nullopt;
  image_reader in(sources);
  image_source made;
  const std::uint8_t type = in.byte();
  made.type = static_cast<source_type>(type);
  made.width = in.small_number();
  made.height = in.small_number();
  made.bytes = in.number();
  if (!in.good() || type >= std::size(extensions)) return std::nullopt;
  sources = in.rest();
  return made;
}

listing_image outside_image(const uuid& listing, std::string url, std::string alt) {
  const std::string of = to_text(listing);
  const std::string_view parts[] = {"outside-image", of, url};
  listing_image made;
  made.id = make_uuid_v8(parts);
  made.status = image_status::outside;
  made.alt = std::move(alt);
  made.url = std::move(url);
  return made;
}

std::string listing_prefix(std::string_view folder, const uuid& listing) {
  const std::string id = to_text(listing);
  return std::string(folder) + id.substr(id.size() - shard_size) + '/' + id + '/';
}

std::optional<std::pair<uuid, std::string_view>> below_listing(std::string_view folder, std::string_view key) {
  constexpr std::size_t id_at = shard_size + 1;
  constexpr std::size_t rest_at = id_at + uuid_text_size + 1;
  if (!key.starts_with(folder)) return std::nullopt;
  key.remove_prefix(folder.size());
  if (key.size() <= rest_at || key[shard_size] != '/' || key[rest_at - 1] != '/') return std::nullopt;
  const std::string_view id = key.substr(id_at, uuid_text_size);
  const auto listing = parse_uuid(id);
  // One spelling for each: an id in capitals is no key of ours.
  if (!listing || to_text(*listing) != id || !id.ends_with(key.substr(0, shard_size))) return std::nullopt;
  return std::pair(*listing, key.substr(rest_at));
}

std::string media_prefix(const uuid& listing) { return listing_prefix(media_folder, listing); }

std::string media_prefix(const uuid& listing, const image_name& name) {
  return media_prefix(listing) + to_hex(name) + '-';
}

std::string media_key(const uuid& listing, const image_name& name, source_type type, unsigned width) {
  return media_prefix(listing, name) + std::to_string(width) + '.' +
         std::string(extensions[static_cast<std::size_t>(type)]);
}

std::optional<media_place> read_media_key(std::string_view key) {
  constexpr std::size_t name_text_size = 2 * sizeof(image_name);
  const auto below = below_listing(media_folder, key);
  if (!below || below->second.size() <= name_text_size || below->second[name_text_size] != '-') return std::nullopt;
  const auto name = name_of(below->second.substr(0, name_text_size));
  if (!name) return std::nullopt;
  return media_place{below->first, *name};
}

// ---- The list

std::vector<listing_image> image_list::images() const {
  std::vector<listing_image> all;
  record::texts_view(bytes_).each([&](std::string_view element) {
    if (const auto seen = image_view::read(element)) all.push_back(image_of(*seen));
  });
  return all;
}

bool image_list::empty() const {
  bool none = true;
  record::texts_view(bytes_).each([&](std::string_view element) { none = none && is_history(element); });
  return none;
}

image_list::history image_list::past() const {
  history kept;
  record::texts_view(bytes_).each([&](std::string_view element) {
    if (!is_history(element)) return;
    image_reader in(element.substr(1));
    kept.quiet_from = static_cast<std::int64_t>(in.number());
    kept.quiet_to = static_cast<std::int64_t>(in.number());
    kept.arranged = static_cast<std::int64_t>(in.number());
  });
  return kept;
}

void image_list::set(std::span<const listing_image> images, images_change how, std::int64_t version) {
  history now = past();
  const std::int64_t before = version - 1;
  if (now.quiet_to != before) now.quiet_from = before;
  now.quiet_to = version;
  if (how != images_change::by_progress) now.arranged = version;
  if (how == images_change::with_others) now.quiet_from = now.quiet_to = 0;
  std::string front(1, static_cast<char>(history_mark));
  for (const std::int64_t each : {now.quiet_from, now.quiet_to, now.arranged})
    record::append_varint(front, static_cast<std::uint64_t>(each));
  bytes_.clear();
  record::texts_view::append(bytes_, front);
  for (const listing_image& each : images) record::texts_view::append(bytes_, packed_image(each));
}

bool image_list::admits_edit(const expected_version& expected, std::int64_t version) const {
  if (expected.admits(version)) return true;
  const history kept = past();
  return kept.quiet_to == version && std::ranges::any_of(*expected.any_of, [&](std::int64_t named) {
           return named >= kept.quiet_from && named <= version;
         });
}

bool image_list::admits_arranging(const expected_version& expected, std::int64_t version) const {
  if (expected.admits(version)) return true;
  const std::int64_t since = std::max<std::int64_t>(past().arranged, 1);
  return std::ranges::any_of(*expected.any_of, [&](std::int64_t named) { return named >= since && named <= version; });
}

bool image_list::unpack(const record::value& stored) {
  if (stored.kind == record::value_kind::texts) {
    bytes_.clear();
    // Of an older version: addresses.
    stored.texts.each([&](std::string_view url) {
      record::texts_view::append(bytes_, packed_image(outside_image({}, std::string(url), {})));
    });
    return true;
  }
  if (stored.kind != record::value_kind::bytes) return false;
  bool whole = stored.text.empty() || !record::texts_view(stored.text).to_vector().empty();
  record::texts_view(stored.text).each([&](std::string_view element) {
    whole = whole && (is_history(element) || image_view::read(element).has_value());
  });
  bytes_ = stored.text;
  return whole;
}

// ---- The cover

std::optional<listing_cover> listing_cover::of(const image_list& images) {
  std::optional<listing_cover> made;
  record::texts_view(images.packed()).each([&](std::string_view element) {
    if (made) return;
    const auto seen = image_view::read(element);
    if (!seen || seen->status != image_status::ready) return;
    unsigned widths = 0;
    std::string_view rest = seen->sources;
    while (const auto source = next_source(rest)) {
      if (source->type == source_type::avif) continue;  // comes later: no reason to write the card again
      const auto at = std::ranges::find(image_widths, source->width) - image_widths.begin();
      widths |= 1U << at;
    }
    std::string& out = made.emplace().bytes_;
    out += seen->name;
    out += static_cast<char>(widths);
    record::append_varint(out, seen->width);
    record::append_varint(out, seen->height);
    out += seen->placeholder;
  });
  return made;
}

bool listing_cover::unpack(const record::value& stored) {
  bytes_ = stored.text;
  return stored.kind == record::value_kind::bytes;
}

}  // namespace spaces::properties
