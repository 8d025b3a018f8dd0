/// The JSON of the cards that were shown lately. A page that changed since it was last asked
/// for differs by a card or two; the other cards are the same bytes, and so is what they make.
#pragma once

#include "platform/record/card.hpp"
#include "platform/record/text_buffer.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace spaces::record {

/// Thread-safe; allocates nothing after its construction. A card is known by all of its bytes, so nothing
/// ever has to be taken out.
class cached_cards {
 public:
  /// `shape` must outlive it.
  explicit cached_cards(const card_shape& shape);

  /// Puts what `shape` would.
  void put(text_buffer& out, std::string_view card);

  /// Of the latest pages of some cities, and of two orders of each. Memory is taken as it is used.
  static constexpr std::size_t cards_max = 4096;
  /// A card with its JSON; a typical one has 240 and 650 bytes. What needs more is written each time.
  static constexpr std::size_t card_bytes_max = 2048;

 private:
  struct place {
    std::atomic<bool> taken = false;  ///< by somebody who reads or writes; nobody waits for it
    std::uint16_t card_bytes = 0;
    std::uint16_t json_bytes = 0;  ///< behind the card's
  };

  const card_shape& shape_;
  std::vector<place> places_;
  std::unique_ptr<char[]> bytes_;  ///< `card_bytes_max` for each place
};

}  // namespace spaces::record
