/// What the table keeps: a key and named values, in one flat buffer. The same bytes are stored by
/// the embedded engine as they are, so that a read copies and allocates nothing.
///
/// An attribute is: name length (one byte, not 0), name, kind (one byte), payload length (varint),
/// payload. Payloads: boolean one byte, 0 or 1; number zigzag varint of the digits and one byte of
/// places; text and bytes as they are; texts each with its varint length before it. A reader steps
/// over what it does not look for by two lengths. Reading is inline: an item has some thirty attributes.
#pragma once

#include "platform/base/decimal.hpp"
#include "platform/record/varint.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::record {

enum class value_kind : std::uint8_t { none = 0, boolean = 1, number = 2, text = 3, texts = 4, bytes = 5 };

namespace detail {

/// Cuts a text with its varint length before it off the front of `rest`.
inline bool take_sized(std::string_view& rest, std::string_view& taken) {
  std::uint64_t size = 0;
  if (!take_varint(rest, size) || size > rest.size()) return false;
  taken = rest.substr(0, static_cast<std::size_t>(size));
  rest.remove_prefix(static_cast<std::size_t>(size));
  return true;
}

}  // namespace detail

/// A list of texts inside an item: each with its length before it.
class texts_view {
 public:
  texts_view() = default;
  explicit texts_view(std::string_view encoded) : encoded_(encoded) {}

  /// Empty when the bytes are damaged.
  std::vector<std::string> to_vector() const;
  std::string_view encoded() const { return encoded_; }

  /// Calls `visit(std::string_view)` for each.
  template <class Visit>
  void each(Visit&& visit) const {
    std::string_view rest = encoded_;
    while (auto text = next(rest)) visit(*text);
  }
  static void append(std::string& out, std::string_view text);

 private:
  static std::optional<std::string_view> next(std::string_view& rest) {
    std::string_view text;
    if (rest.empty() || !detail::take_sized(rest, text)) return std::nullopt;
    return text;
  }
  std::string_view encoded_;
};

/// One value: a flag, an exact number, a text, a list of texts or bytes. Views into the item.
struct value {
  value_kind kind = value_kind::none;
  bool flag = false;
  decimal number;
  std::string_view text;  ///< of text and bytes
  texts_view texts;

  /// Of a flag itself alone: a pointer is a condition to C++, and a literal a pointer, but here it is a text.
  static value of(std::same_as<bool> auto flag) {
    value v;
    v.kind = value_kind::boolean;
    v.flag = flag;
    return v;
  }
  static value of(decimal number) {
    value v;
    v.kind = value_kind::number;
    v.number = number;
    return v;
  }
  static value of(std::string_view text) {
    value v;
    v.kind = value_kind::text;
    v.text = text;
    return v;
  }
  static value of(texts_view texts) {
    value v;
    v.kind = value_kind::texts;
    v.texts = texts;
    return v;
  }
  static value of_bytes(std::string_view bytes) {
    value v;
    v.kind = value_kind::bytes;
    v.text = bytes;
    return v;
  }

  /// By content: numbers by value, texts and bytes by their bytes.
  friend bool operator==(const value& a, const value& b);
};

struct attribute {
  std::string_view name;
  record::value value;
};

namespace detail {

/// One attribute as it lies in the bytes.
struct raw_attribute {
  std::string_view name;
  value_kind kind = value_kind::none;
  std::string_view payload;
};

inline bool take_raw(std::string_view& rest, raw_attribute& out) {
  if (rest.size() < 3) return false;
  const auto name_size = static_cast<std::size_t>(static_cast<std::uint8_t>(rest.front()));
  if (name_size == 0 || rest.size() < name_size + 3) return false;
  out.name = {rest.data() + 1, name_size};
  out.kind = static_cast<value_kind>(rest[name_size + 1]);
  std::string_view behind(rest.data() + name_size + 2, rest.size() - name_size - 2);
  if (!take_sized(behind, out.payload)) return false;
  rest = behind;
  return true;
}

/// False for what no `append` writes.
inline bool decode(const raw_attribute& raw, value& out) {
  switch (raw.kind) {
    case value_kind::boolean:
      if (raw.payload.size() != 1 || static_cast<std::uint8_t>(raw.payload[0]) > 1) return false;
      out = value::of(raw.payload[0] == 1);
      return true;
    case value_kind::number: {
      std::string_view rest = raw.payload;
      std::uint64_t digits = 0;
      if (!take_varint(rest, digits) || rest.size() != 1) return false;
      const auto places = static_cast<std::uint8_t>(rest[0]);
      if (places > decimal_places_max) return false;
      out = value::of(decimal{unzigzag(digits), places});
      return true;
    }
    case value_kind::text: out = value::of(raw.payload); return true;
    case value_kind::texts: out = value::of(texts_view(raw.payload)); return true;
    case value_kind::bytes: out = value::of_bytes(raw.payload); return true;
    case value_kind::none: break;
  }
  return false;
}

}  // namespace detail

/// Reads an item's bytes. Never past their end, whatever they hold: damaged bytes end the iteration.
class item_view {
 public:
  item_view() = default;
  explicit item_view(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes() const { return bytes_; }
  /// `value_kind::none` when it is not there.
  value find(std::string_view name) const;
  /// The same of several, in one pass that decodes no other.
  template <std::size_t Count>
  std::array<value, Count> find_all(const std::array<std::string_view, Count>& names) const {
    std::array<value, Count> found{};
    std::size_t left = Count;
    std::string_view rest = bytes_;
    detail::raw_attribute raw;
    while (left > 0 && detail::take_raw(rest, raw)) {
      for (std::size_t i = 0; i < Count; ++i) {
        if (raw.name != names[i]) continue;
        if (!detail::decode(raw, found[i])) return {};
        --left;
      }
    }
    return found;
  }

  class iterator {
   public:
    using value_type = attribute;
    using difference_type = std::ptrdiff_t;
    explicit iterator(std::string_view rest) : rest_(rest) { ++*this; }
    iterator() = default;
    const attribute& operator*() const { return current_; }
    const attribute* operator->() const { return &current_; }
    iterator& operator++() {
      detail::raw_attribute raw;
      std::string_view behind = rest_;
      if (!detail::take_raw(behind, raw) || !detail::decode(raw, current_.value)) {
        done_ = true;  // `rest_` stays: empty at an honest end
        return *this;
      }
      current_.name = raw.name;
      rest_ = behind;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const iterator& other) const { return done_ == other.done_; }

   private:
    std::string_view rest_;
    attribute current_;
    bool done_ = false;
    friend class item_view;
  };
  iterator begin() const { return iterator(bytes_); }
  iterator end() const {
    iterator last;
    last.done_ = true;
    return last;
  }

  /// True when every byte belongs to a well-formed attribute and no name comes twice.
  bool well_formed() const;

 private:
  std::string_view bytes_;
};

/// Builds an item. Attribute names are at most 255 bytes; each may be set once with `append`.
class item {
 public:
  item() = default;
  explicit item(item_view view) : bytes_(view.bytes()) {}

  /// Room for so many bytes of encoding, for who knows what is coming.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

  void append(std::string_view name, const value& v);
  /// Replaces the value, or appends; `value_kind::none` removes it.
  void set(std::string_view name, const value& v);

  item_view view() const { return item_view(bytes_); }
  value find(std::string_view name) const { return view().find(name); }

  /// Same attributes with equal values, in any order.
  friend bool same_attributes(const item& a, const item& b);

 private:
  std::string bytes_;
};

}  // namespace spaces::record
