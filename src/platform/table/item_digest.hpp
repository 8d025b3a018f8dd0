/// A digest of many items that does not depend on their order, so that two tables can be held against each
/// other although each walks in its own: the sum of the items' SHA-256 digests, as four numbers.
#pragma once

#include "platform/table/table.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace spaces::table {

/// The item in one spelling, whatever engine it came from: attributes by name, numbers by value. Without
/// what a table adds to it (WriteId).
std::string canonical(key_view key, record::item_view item);

class item_digest {
 public:
  void add(std::string_view canonical_item);

  std::uint64_t items() const { return items_; }
  /// 64 hexadecimal digits.
  std::string to_hex() const;

  friend bool operator==(const item_digest&, const item_digest&) = default;

 private:
  std::uint64_t items_ = 0;
  std::array<std::uint64_t, 4> sums_{};
};

}  // namespace spaces::table
