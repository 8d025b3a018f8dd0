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

/// Flag: the store is being filled by a copy (table/copying.hpp) and is not whole; nobody may serve it.
inline constexpr std::string_view filling = "Filling";

/// The item for a new store, with a fresh secret.
record::item make(instant now);

/// `malformed` where this binary does not work with the store of this item, its public text a sentence for the
/// operator without its full stop.
result<void> validate(record::item_view meta);

/// The store's secret, by a plain read. `internal` where the item is missing or has none; where the store is
/// not whole, `malformed` with a sentence for the operator.
result<std::string> read_secret(single_table& table);

}  // namespace spaces::table::store_meta
