/// What a store says about itself, in an item of its own: made with the store, read at each start.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/table/table.hpp"

#include <string>
#include <string_view>

namespace spaces::table::store_meta {

inline constexpr std::string_view pk = "META";
inline constexpr std::string_view sk = "STORE";
inline constexpr std::string_view entity_type = "Store";
/// Number: the version of keys and attributes that this binary writes. A store of a newer one is
/// refused, because an older binary would spoil it.
inline constexpr std::string_view format_version = "FormatVersion";
inline constexpr int format_version_now = 1;
/// Bytes: random, made with the store; what cursors are sealed with, the same for every process.
inline constexpr std::string_view secret = "Secret";
inline constexpr std::size_t secret_bytes = 32;

/// Number: the version of the folding (base/folding.hpp) that texts in keys were made by; absent: the first. One who
/// made all of them anew notes it.
inline constexpr std::string_view folding = "Folding";

/// Flag: the store is being filled by a copy (table/copying.hpp) and is not whole; nobody may serve it.
inline constexpr std::string_view filling = "Filling";

/// The item for a new store, with a fresh secret.
record::item make(instant now);

/// `malformed` where this binary does not work with the store of this item, its public text a sentence for the
/// operator without its full stop.
result<void> validate(record::item_view meta);

struct facts {
  std::string secret;
  int folding = 1;
};
/// What opening a store needs, by one read. `internal` where the item is missing or has no secret; where the store is
/// not whole, `malformed` with a sentence for the operator.
result<facts> read(single_table& table);
/// The secret alone.
result<std::string> read_secret(single_table& table);

/// The version of the folding that texts in the store's keys were made by.
int folding_of(record::item_view meta);
result<int> read_folding(single_table& table);
/// All of them are made by this program's. Repeatable.
result<void> note_folding(single_table& table);

}  // namespace spaces::table::store_meta
