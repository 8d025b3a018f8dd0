#include "marketplace/images/likeness_index.hpp"

#include "marketplace/images/limits.hpp"
#include "platform/record/card.hpp"

#include <fmt/core.h>

#include <bit>
#include <optional>
#include <set>
#include <string>

namespace spaces::images {

namespace {

using record::value;

constexpr unsigned bands = 5;
static_assert(same_picture_distance_max / static_cast<int>(bands) == 1, "one band has at most one bit that differs");
constexpr table::index index_of[bands] = {table::index::gsi1, table::index::gsi2, table::index::gsi3,
                                          table::index::gsi4, table::index::gsi5};

/// Neighbouring bits tell of the same corner of a picture: each goes into another band.
constexpr std::uint64_t band_mask(unsigned band) {
  std::uint64_t mask = 0;
  for (unsigned bit = band; bit < 64; bit += bands) mask |= std::uint64_t{1} << bit;
  return mask;
}

std::string partition_of(unsigned band, std::uint64_t bits) {
  return fmt::format("LIKENESS#{}#{:016x}", band, bits & band_mask(band));
}

namespace tag {
constexpr std::uint8_t bits = 1, listing = 2, owner = 3;
}

constexpr std::string_view key_prefix = "IMAGE#";

std::optional<uuid> id_on(std::string_view card, std::uint8_t tag) {
  const std::string_view bytes = record::card_value(card, tag).text;
  uuid id;
  if (bytes.size() != id.bytes.size()) return std::nullopt;
  std::copy_n(bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

std::string bytes_of(std::uint64_t bits) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
  return out;
}

/// Empty for a row that is none of ours.
std::optional<likeness> on_row(const table::row& row) {
  const std::string_view bits = record::card_value(row.card, tag::bits).text;
  const auto image = parse_uuid(row.key.pk.substr(std::min(key_prefix.size(), row.key.pk.size())));
  const auto listing = id_on(row.card, tag::listing);
  const auto owner = id_on(row.card, tag::owner);
  if (bits.size() != 8 || !image || !listing || !owner) return std::nullopt;
  likeness read{0, *image, *listing, *owner};
  for (const char byte : bits) read.bits = read.bits << 8 | static_cast<std::uint8_t>(byte);
  return read;
}

}  // namespace

table::key likeness_key(const uuid& image) { return {std::string(key_prefix) + to_text(image), "LIKENESS"}; }

table::put enter_likeness(const likeness& of) {
  record::item made;
  made.append(table::name::entity_type, value::of(std::string_view("Likeness")));
  for (unsigned band = 0; band < bands; ++band)
    table::append_index(made, index_of[band], partition_of(band, of.bits), to_text(of.image));
  std::string card;
  record::append_card_bytes(card, tag::bits, bytes_of(of.bits));
  record::append_card_id(card, tag::listing, of.listing);
  record::append_card_id(card, tag::owner, of.owner);
  made.append(table::name::card, value::of_bytes(card));
  return {likeness_key(of.image), std::move(made), {}};
}

result<void> visit_alike(table::single_table& table, const likeness& like,
                         function_ref<bool(const likeness& other, int distance)> visit) {
  std::set<uuid> seen;
  bool goes_on = true;
  const auto look = [&](const table::row& row) {
    const auto other = on_row(row);
    if (!other || other->owner == like.owner) return true;
    const int distance = std::popcount(other->bits ^ like.bits);
    if (distance > same_picture_distance_max || !seen.insert(other->image).second) return true;
    return goes_on = visit(*other, distance);
  };
  for (unsigned band = 0; band < bands; ++band) {
    table::query rows;
    rows.index = index_of[band];
    rows.limit = alike_rows_max;
    // As it is first, then with each of its bits turned.
    for (std::uint64_t turned = band_mask(band), bit = 0;; bit = turned & -turned, turned ^= bit) {
      rows.partition = partition_of(band, like.bits ^ bit);
      const auto visited = table.visit_index(rows, look);
      if (!visited) return visited.error();
      if (!goes_on) return {};
      if (turned == 0) break;
    }
  }
  return {};
}

}  // namespace spaces::images
