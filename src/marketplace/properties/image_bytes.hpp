/// How one picture lies in its listing's item. A byte for its status and 16 for its id, then its alternative text with
/// its length, then by status: of a refused one the reason, of an outside one the address, each with its length; of a
/// ready one its name, width, height, placeholder with its length, and its sources, each a byte for the type and
/// width, height and bytes. Numbers are varints. What stands in front of the pictures begins with another byte.
#pragma once

#include "marketplace/properties/listing_images.hpp"
#include "platform/record/item.hpp"
#include "platform/record/varint.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace spaces::properties {

/// The first byte of what is kept in front of the pictures (image_list::history).
inline constexpr std::uint8_t history_mark = 0xFF;

/// Cuts one thing after the other off the front. Anything that is not there makes it bad, and is zero or empty.
class image_reader {
 public:
  explicit image_reader(std::string_view bytes) : rest_(bytes) {}

  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

  std::uint8_t byte() {
    const std::string_view one = bytes(1);
    return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one.front());
  }
  std::string_view bytes(std::size_t size) {
    if (rest_.size() < size) return good_ = false, std::string_view();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint64_t number() {
    std::uint64_t n = 0;
    if (!good_ || !record::take_varint(rest_, n)) return good_ = false, 0;
    return n;
  }
  unsigned small_number() {
    const std::uint64_t n = number();
    if (n > UINT32_MAX) return good_ = false, 0U;
    return static_cast<unsigned>(n);
  }
  std::string_view text() { return bytes(static_cast<std::size_t>(number())); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

/// A picture's bytes, looked at. Views into them.
struct image_view {
  image_status status = image_status::awaiting;
  std::string_view id;
  std::string_view alt;
  std::string_view reason;
  std::string_view url;
  std::string_view name;
  unsigned width = 0;
  unsigned height = 0;
  std::string_view placeholder;
  std::string_view sources;  ///< one behind the other

  /// Empty for the history, and for damage.
  static std::optional<image_view> read(std::string_view packed);
};

/// The next of `sources`; empty at their end and at damage.
std::optional<image_source> next_source(std::string_view& sources);

}  // namespace spaces::properties
