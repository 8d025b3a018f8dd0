/// What the table keeps: a key and named values, in one flat buffer. The same bytes are stored by
/// the embedded engine as they are, so that a read copies and allocates nothing.
#pragma once

#include "base/decimal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::record {

enum class value_kind : std::uint8_t { none = 0, boolean = 1, number = 2, text = 3, texts = 4, bytes = 5 };

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
  static std::optional<std::string_view> next(std::string_view& rest);
  std::string_view encoded_;
};

/// One value: a flag, an exact number, a text, a list of texts or bytes. Views into the item.
struct value {
  value_kind kind = value_kind::none;
  bool flag = false;
  decimal number;
  std::string_view text;  ///< of text and bytes
  texts_view texts;

  static value of(bool flag);
  static value of(decimal number);
  static value of(std::string_view text);
  static value of(texts_view texts);
  static value of_bytes(std::string_view bytes);

  /// By content: numbers by value, texts and bytes by their bytes.
  friend bool operator==(const value& a, const value& b);
};

struct attribute {
  std::string_view name;
  record::value value;
};

/// Reads an item's bytes. Never past their end, whatever they hold: damaged bytes end the iteration.
class item_view {
 public:
  item_view() = default;
  explicit item_view(std::string_view bytes) : bytes_(bytes) {}

  std::string_view bytes() const { return bytes_; }
  /// `value_kind::none` when it is not there.
  value find(std::string_view name) const;

  class iterator {
   public:
    using value_type = attribute;
    using difference_type = std::ptrdiff_t;
    explicit iterator(std::string_view rest) : rest_(rest) { ++*this; }
    iterator() = default;
    const attribute& operator*() const { return current_; }
    const attribute* operator->() const { return &current_; }
    iterator& operator++();
    void operator++(int) { ++*this; }
    bool operator==(const iterator& other) const { return done_ == other.done_; }

   private:
    std::string_view rest_;
    attribute current_;
    bool done_ = false;
    friend class item_view;
  };
  iterator begin() const { return iterator(bytes_); }
  iterator end() const;

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
