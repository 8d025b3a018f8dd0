/// The JSON object that some of an entity's fields make, laid out once and used for every entity:
/// members in their order, each with all that stands between the value before and its own.
#pragma once

#include "platform/record/field.hpp"
#include "platform/record/item.hpp"
#include "platform/record/text_buffer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::record {

class object_shape {
 public:
  /// The fields that `mask` has. `fields` must outlive it.
  object_shape(field_span fields, access mask);

  struct member {
    const record::field* field = nullptr;
    std::string before;             ///< `{"id":` or `,"title":`, and zeros up to a multiple of `block`
    std::size_t before_bytes = 0;   ///< without the zeros
    std::string_view when_missing;  ///< null; a list is empty, for clients iterate it

    /// Writes what stands before the value, in blocks of a fixed size; returns its end.
    char* write_before(char* at) const {
      for (std::size_t done = 0; done < before_bytes; done += block)
        std::memcpy(at + done, before.data() + done, block);
      return at + before_bytes;
    }
  };
  static constexpr std::size_t block = 32;

  const std::vector<member>& members() const { return members_; }

  /// Puts the object of an item's attributes, straight from its bytes. Absent ones are null, so that
  /// every object of a kind has the same members.
  void put(text_buffer& out, item_view from) const;

  /// Writes an object whose members of the numbers in `given` are there: `write_value(at, number, field)`
  /// writes the value of one and returns its end. Room for `frame_bytes` and the values is needed.
  template <class WriteValue>
  char* write(char* at, std::uint64_t given, WriteValue write_value) const {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const member& m = members_[i];
      at = m.write_before(at);
      if ((given >> i & 1) != 0)
        at = write_value(at, i, *m.field);
      else
        at = std::copy(m.when_missing.begin(), m.when_missing.end(), at);
    }
    if (members_.empty()) *at++ = '{';
    *at++ = '}';
    return at;
  }
  /// What an object takes beside its values, and a block.
  std::size_t frame_bytes() const { return frame_bytes_; }
  static_assert(fields_max <= 64, "one bit for each");

  static constexpr std::uint8_t nobody = 0xFF;

 private:
  static constexpr std::size_t places = 256;  ///< at least twice `fields_max`: a search ends at a free one
  static std::size_t place_of(std::string_view attribute);
  const std::uint8_t* find(std::string_view attribute) const;

  std::vector<member> members_;
  std::size_t frame_bytes_ = block + 2;
  std::array<std::uint8_t, places> by_attribute_;  ///< index of a member, or `nobody`
};

/// Puts a value as JSON: exact numbers, never an exponent; none as null.
void put_json(text_buffer& out, const value& v);
/// Writes it where there is room for `value_bytes_max`; returns its end.
char* write_json(char* at, const value& v);
/// Room for texts of so many bytes in all, or for a value of another kind: quotes, brackets and commas
/// are fewer than the lengths that stand before the texts of a list, six times.
constexpr std::size_t value_bytes_max(std::size_t bytes) { return 6 * bytes + 48; }

}  // namespace spaces::record
