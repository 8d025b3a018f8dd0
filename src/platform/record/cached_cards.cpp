#include "platform/record/cached_cards.hpp"

#include <algorithm>
#include <cstring>

namespace spaces::record {

namespace {

/// A card starts with its id, whose last bytes are random: enough to tell cards apart.
std::size_t place_of(std::string_view card) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
  std::uint64_t words[3] = {};
  std::memcpy(words, card.data(), std::min(card.size(), sizeof words));
  std::uint64_t hash = card.size();
  for (const std::uint64_t word : words) {
    hash = (hash ^ word) * odd;
    hash ^= hash >> 32;
  }
  return hash % cached_cards::cards_max;
}

}  // namespace

cached_cards::cached_cards(const card_shape& shape)
    : shape_(shape), places_(cards_max), bytes_(std::make_unique_for_overwrite<char[]>(cards_max * card_bytes_max)) {}

void cached_cards::put(text_buffer& out, std::string_view card) {
  const std::size_t number = place_of(card);
  place& held = places_[number];
  if (held.taken.exchange(true, std::memory_order_acquire)) return shape_.put(out, card);
  char* const bytes = bytes_.get() + number * card_bytes_max;
  if (held.json_bytes > 0 && card == std::string_view(bytes, held.card_bytes)) {
    out.put(std::string_view(bytes + held.card_bytes, held.json_bytes));
  } else if (char* const json = out.room_for(shape_.bytes_max(card))) {
    char* const end = shape_.write(json, card);
    const auto size = static_cast<std::size_t>(end - json);
    if (card.size() + size <= card_bytes_max) {
      held.card_bytes = static_cast<std::uint16_t>(card.size());
      held.json_bytes = static_cast<std::uint16_t>(size);
      std::copy_n(card.data(), card.size(), bytes);
      std::copy_n(json, size, bytes + card.size());
    }
    out.wrote(end);
  } else {
    shape_.put(out, card);
  }
  held.taken.store(false, std::memory_order_release);
}

}  // namespace spaces::record
