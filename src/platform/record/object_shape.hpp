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
  /// The fields that `mask` has. `fields` must outlive it. Packed values are written by `how`; its id is each entity's.
  object_shape(field_span fields, access mask, const presentation& how = {});

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
  /// What packed values of an entity with this id (its text; empty where it is not known) are written with.
  presentation how(std::string_view id) const { return {link_base_, to_owner_, id}; }
  /// The member that is the entity's id: its number, or `nobody`.
  std::uint8_t id_member() const { return id_member_; }

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
  bool to_owner_;
  std::string link_base_;
  std::uint8_t id_member_ = nobody;
  std::size_t frame_bytes_ = block + 2;
  std::array<std::uint8_t, places> by_attribute_;  ///< index of a member, or `nobody`
};

/// Puts a value as JSON: exact numbers, never an exponent; none as null, bytes as an object: {"base64url":"…"}.
void put_json(text_buffer& out, const value& v);
/// The member of that object.
inline constexpr std::string_view bytes_member = "base64url";
/// Writes it where there is room for `value_bytes_max`, bytes as null; returns its end.
char* write_json(char* at, const value& v);
/// Puts a packed value as the JSON that its type makes of it.
void put_packed(text_buffer& out, const packed_form& form, std::string_view packed, const presentation& how);
/// Room for texts of so many bytes in all, or for a value of another kind: quotes, brackets and commas
/// are fewer than the lengths that stand before the texts of a list, six times.
constexpr std::size_t value_bytes_max(std::size_t bytes) { return 6 * bytes + 48; }

}  // namespace spaces::record
